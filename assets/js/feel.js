// Evaluates the small operations that the server writes for conditions and computed values (process/feel/portable.py).
// Three-valued as FEEL is; whatever goes beyond throws, and then the server's answer stands.
class Day {
  constructor(text) {
    this.text = text;
  }
}

export class Beyond extends Error {}

const round = (number) => (Number.isFinite(number) ? Number(number.toPrecision(15)) : null);
const isNumber = (value) => typeof value === "number";
const isText = (value) => typeof value === "string";
const isList = Array.isArray;

function kindOf(value) {
  if (isList(value)) return "list";
  return value instanceof Day ? "day" : typeof value;
}

function equal(left, right) {
  if (left === null || right === null) return left === right;
  if (kindOf(left) !== kindOf(right)) return null;
  if (isList(left)) return left.length === right.length && left.every((item, at) => equal(item, right[at]) === true);
  if (left instanceof Day) return left.text === right.text;
  if (typeof left === "object") throw new Beyond();
  return left === right;
}

const negate = (value) => (typeof value === "boolean" ? !value : null);

function both(left, right) {
  if (left === false || right === false) return false;
  return left === true && right === true ? true : null;
}

function either(left, right) {
  if (left === true || right === true) return true;
  return left === false && right === false ? false : null;
}

// Texts are compared by code points, as the server does.
function order(left, right) {
  const one = [...left];
  const other = [...right];
  for (let at = 0; at < one.length && at < other.length; at++) {
    const difference = one[at].codePointAt(0) - other[at].codePointAt(0);
    if (difference) return difference;
  }
  return one.length - other.length;
}

function compare(sign, left, right) {
  let difference = null;
  if (isNumber(left) && isNumber(right)) difference = left - right;
  else if (isText(left) && isText(right)) difference = order(left, right);
  else if (left instanceof Day && right instanceof Day) difference = order(left.text, right.text);
  if (difference === null) return null;
  return { "<": difference < 0, "<=": difference <= 0, ">": difference > 0, ">=": difference >= 0 }[sign];
}

function calculate(sign, left, right) {
  if (left instanceof Day || right instanceof Day || isList(left) || isList(right)) throw new Beyond();
  if (sign === "+" && isText(left) && isText(right)) return left + right;
  if (!isNumber(left) || !isNumber(right) || (sign === "/" && right === 0)) return null;
  return round({ "+": left + right, "-": left - right, "*": left * right, "/": left / right }[sign]);
}

function step(value, name) {
  if (isList(value)) return value.map((item) => step(item, name));
  return value !== null && typeof value === "object" && !(value instanceof Day) ? (value[name] ?? null) : null;
}

const wrap = (value) => (isList(value) ? value : value === null ? [] : [value]);
const texts = (test) => (text, part) => (isText(text) && isText(part) ? test(text, part) : null);

const fold = (of) => (...values) => {
  const items = values.length === 1 ? wrap(values[0]) : values;
  return items.length && items.every(isNumber) ? round(items.reduce(of)) : null;
};

const extreme = (sign) => (...values) => {
  const items = values.length === 1 ? wrap(values[0]) : values;
  if (!items.length || !items.every((item) => isNumber(item) || isText(item) || item instanceof Day)) return null;
  return items.reduce((best, item) => {
    const better = compare(sign, item, best);
    if (better === null) throw new Beyond();
    return better ? item : best;
  });
};

const functions = {
  count: (items) => (items === null ? null : wrap(items).length),
  sum: fold((one, other) => one + other),
  min: extreme("<"),
  max: extreme(">"),
  contains: texts((text, part) => text.includes(part)),
  "starts with": texts((text, part) => text.startsWith(part)),
  "ends with": texts((text, part) => text.endsWith(part)),
  "string length": (text) => (isText(text) ? [...text].length : null),
  "list contains": (items, wanted) => (items === null ? null : wrap(items).some((item) => equal(item, wanted) === true)),
  "is defined": (value) => value !== null,
  "upper case": (text) => (isText(text) ? text.toUpperCase() : null),
  "lower case": (text) => (isText(text) ? text.toLowerCase() : null),
  date: (text) => {
    if (text instanceof Day) return text;
    return isText(text) && isDay(text) ? new Day(text) : null;
  },
};

export function isDay(text) {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!parts) return false;
  const day = new Date(Date.UTC(parts[1], parts[2] - 1, parts[3]));
  return day.getUTCMonth() === parts[2] - 1 && day.getUTCDate() === Number(parts[3]);
}

function passes(test, value, scope) {
  if (!isList(test) || (test[0] !== "range" && test[0] !== "cmp")) {
    const found = evaluate(test, scope);
    if (equal(value, found) === true) return true;
    if (found === true && value !== null && typeof value !== "boolean") return true; // a test by itself
    if (isList(found) && !isList(value)) return found.some((item) => equal(item, value) === true);
    return found === false ? false : equal(value, found);
  }
  if (test[0] === "cmp") {
    const other = evaluate(test[2], scope);
    if (test[1] === "=") return equal(value, other);
    return test[1] === "!=" ? negate(equal(value, other)) : compare(test[1], value, other);
  }
  const [, opening, start, end, closing] = test;
  const low = start === null ? null : evaluate(start, scope);
  const high = end === null ? null : evaluate(end, scope);
  if (start !== null && end !== null && compare("<", low, high) === null) throw new Beyond();
  return both(
    start === null || compare(opening === "[" ? ">=" : ">", value, low),
    end === null || compare(closing === "]" ? "<=" : "<", value, high),
  );
}

function quantify(kind, name, items, condition, scope) {
  const every = kind === "every";
  const found = evaluate(items, scope);
  if (found === null) return null;
  return wrap(found).reduce((found, item) => {
    const holds = evaluate(condition, { ...scope, [name]: item });
    const truth = typeof holds === "boolean" ? holds : null;
    return every ? both(found, truth) : either(found, truth);
  }, every);
}

export function evaluate(op, scope) {
  if (!isList(op)) return op;
  const [name, ...rest] = op;
  const value = (at) => evaluate(rest[at], scope);
  switch (name) {
    case "get":
      return rest.reduce(step, scope);
    case "and":
      return both(value(0), value(1));
    case "or":
      return either(value(0), value(1));
    case "not":
      return negate(value(0));
    case "if":
      return value(0) === true ? value(1) : value(2);
    case "=":
      return equal(value(0), value(1));
    case "!=":
      return negate(equal(value(0), value(1)));
    case "between":
      return both(compare(">=", value(0), value(1)), compare("<=", value(0), value(2)));
    case "in":
      return rest.slice(1).reduce((found, test) => either(found, passes(test, value(0), scope)), false);
    case "list":
      return rest.map((item) => evaluate(item, scope));
    case "neg":
      return isNumber(value(0)) ? -value(0) : null;
    case "call":
      return functions[rest[0]](...rest.slice(1).map((item) => evaluate(item, scope)));
    case "some":
    case "every":
      return quantify(name, ...rest, scope);
    case "+":
    case "-":
    case "*":
    case "/":
      return calculate(name, value(0), value(1));
    default:
      return compare(name, value(0), value(1));
  }
}
