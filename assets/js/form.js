// A page of a form on the device: what is asked, what is computed, what is wrong, rows added and taken out.
// The server writes the rules (process/forms/portable.py), judges everything again, and does all of it without script.
import { Beyond, evaluate } from "./feel.js";
import { UNREADABLE, readAnswer, showValue } from "./values.js";

export function startForm(form) {
  form.addEventListener("click", (event) => changeRows(form, event));
  if (!form.dataset.rules) return;
  const rules = JSON.parse(form.dataset.rules);
  const work = () => run(form, rules);
  form.addEventListener("input", work);
  form.addEventListener("change", work);
  let shown = "";
  form.addEventListener("submit", (event) => {
    const name = event.submitter?.name;
    if (name !== "action" || event.submitter.value !== "continue") return;
    const errors = run(form, rules).errors;
    const text = JSON.stringify(errors);
    if (!errors.length || text === shown) return; // pressed again on the same: the server decides
    shown = text;
    event.preventDefault();
    event.stopImmediatePropagation();
    showErrors(form, errors);
  });
  work();
}

// ---- working a page out ----
const ownFields = (box) => [...box.querySelectorAll("[data-f]")].filter((element) => boxOf(element) === box);
const boxOf = (element) => element.parentElement.closest("[data-row], form");
const rowsOf = (element) => {
  const rows = [...element.querySelectorAll("[data-row]")];
  return rows.filter((row) => row.parentElement.closest("[data-f]") === element);
};

function read(scope, path) {
  return path.split(".").reduce((value, name) => value?.[name] ?? null, scope);
}

function put(data, path, value) {
  const names = path.split(".");
  const last = names.pop();
  let inner = data;
  for (const name of names) inner = inner[name] = { ...(inner[name] ?? {}) };
  if (value === null) delete inner[last];
  else inner[last] = value;
}

function attempt(op, scope, otherwise) {
  try {
    return evaluate(op, scope);
  } catch (error) {
    if (error instanceof Beyond) return otherwise;
    throw error;
  }
}

function run(form, rules) {
  const page = { names: rules.n, today: rules.t, errors: [] };
  const scope = { ...rules.d };
  for (const name of rules.n) scope[name] ??= null;
  workBox(page, form, rules, scope, scope);
  for (const section of form.querySelectorAll("[data-section]"))
    section.hidden = [...section.querySelectorAll("[data-f]")].every((element) => element.closest("[hidden]"));
  page.errors.sort((one, other) => (one.element.compareDocumentPosition(other.element) & 4 ? -1 : 1));
  return { errors: page.errors.map(({ address, sentence }) => [address, sentence]) };
}

// `own`: the answers of the page or of one row; `scope`: what its expressions read. Returns whether all is blank.
function workBox(page, box, rules, own, scope) {
  const elements = ownFields(box);
  const faults = [];
  let blank = true;
  const share = (path) => {
    const name = path.split(".")[0];
    if (own !== scope && !page.names.includes(name)) scope[name] = own[name] ?? null;
  };
  for (const [place, rule] of rules.f.entries()) {
    const element = elements[place];
    if (element && rule.k && !("v" in element.dataset) && rule.c !== "l") {
      const value = readAnswer(rule, element);
      put(own, rule.k, value === UNREADABLE ? null : value);
      share(rule.k);
    }
  }
  for (const place of rules.o ?? rules.f.keys()) {
    const rule = rules.f[place];
    const element = elements[place];
    if (!element) continue;
    if (rule.h) {
      const hidden = rule.h.map((op) => attempt(op, scope, null)).some((found) => found === true);
      element.hidden = hidden || (rule.c === "e" && !element.querySelector("[data-output]"));
      if (hidden) {
        if (rule.k) put(own, rule.k, null);
        if (rule.k) share(rule.k);
        continue;
      }
    } else if (element.hidden && rule.c !== "e") {
      continue; // hidden by a condition that only the server knows
    }
    const value = workField(page, rule, element, own, scope);
    if (rule.k) share(rule.k);
    if (rule.c === "l") blank &&= !value.length;
    else if (rule.c !== "e" && rule.c !== "s" && value !== null && value !== false) {
      blank &&= "y" in rule && JSON.stringify(rule.y) === JSON.stringify(value);
    }
    const sentence = findFault(page, rule, value, own, scope);
    if (sentence) faults.push({ element, address: addressOf(rule, element), sentence });
  }
  return { blank, faults: box.matches?.("form") ? page.errors.push(...faults) : faults };
}

function workField(page, rule, element, own, scope) {
  if (rule.c === "l") return workList(page, rule, element, own, scope);
  if (rule.c === "e" || "v" in element.dataset) {
    const known = JSON.parse(element.dataset.v ?? "null");
    const value = rule.e === undefined ? known : attempt(rule.e, scope, known);
    put(own, rule.k, value?.text ?? value);
    const output = element.querySelector("[data-output]");
    if (output && rule.e !== undefined) output.textContent = showValue(rule, value);
    return value;
  }
  return rule.k ? readAnswer(rule, element) : null;
}

function workList(page, rule, element, own, scope) {
  const rows = [];
  const { may, fewest } = rule.l ?? { may: true, fewest: 0 };
  for (const [index, row] of rowsOf(element).entries()) {
    const answers = {};
    const numbers = [...(Array.isArray(scope.i) ? scope.i : []), index + 1];
    const inner = { ...scope, this: answers, parent: scope, i: numbers };
    const { blank, faults } = workBox(page, row, rule, answers, inner);
    if (blank && may) continue;
    rows.push(answers);
    page.errors.push(...faults);
  }
  put(own, rule.k, rows);
  rule.short = rows.length < fewest;
  return rows;
}

// ---- what is wrong ----
function addressOf(rule, element) {
  const row = element.parentElement.closest("[data-row]");
  return row ? `${row.dataset.row}.${rule.k}` : rule.k;
}

function findFault(page, rule, value, own, scope) {
  if (rule.short && rule.q) return rule.q[1];
  const missing = value === null || value === UNREADABLE || value === false;
  if (value === UNREADABLE) return rule.w ?? "";
  if (missing && rule.q && rule.c !== "l") return attempt(rule.q[0], scope, false) === true ? rule.q[1] : across(page, rule, scope);
  if (!missing) {
    const found = rule.c === "n" ? findNumberFault(rule, value) : rule.c === "d" ? findDayFault(page, rule, value) : findTextFault(rule, value);
    if (found) return found;
  }
  return across(page, rule, scope);
}

function across(page, rule, scope) {
  const reading = { today: page.today ?? null, ...scope };
  return (rule.x ?? []).find(([op]) => attempt(op, reading, null) === false)?.[1] ?? "";
}

function findNumberFault(rule, value) {
  const digits = (String(value).split(".")[1] ?? "").length;
  if (rule.p && digits > rule.p[0]) return rule.p[1];
  if (rule.a && value < rule.a[0]) return rule.a[1];
  return rule.z && value > rule.z[0] ? rule.z[1] : "";
}

function findDayFault(page, rule, value) {
  const day = value.slice(0, 10);
  if (!rule.v || !page.today) return "";
  return (rule.v[0] === "past" ? day > page.today : day < page.today) ? rule.v[1] : "";
}

function findTextFault(rule, value) {
  if (typeof value !== "string") return "";
  const length = [...value].length;
  if (rule.z && length > rule.z[0]) return rule.z[1].replace("{n}", length);
  if (rule.a && length < rule.a[0]) return rule.a[1];
  return rule.g && !fits(rule.g[0], value) ? rule.g[1] : "";
}

function fits(pattern, value) {
  try {
    return new RegExp(`^(?:${pattern})$`).test(value);
  } catch {
    return true; // written for the server alone
  }
}

// ---- showing it ----
function clearErrors(form) {
  for (const old of form.ownerDocument.querySelectorAll(".govuk-error-summary")) old.remove();
  for (const old of form.querySelectorAll(".govuk-error-message")) old.remove();
  for (const group of form.querySelectorAll(".govuk-form-group--error")) group.classList.remove("govuk-form-group--error");
  for (const control of form.querySelectorAll("[aria-invalid]")) {
    control.removeAttribute("aria-invalid");
    control.classList.remove("govuk-input--error", "govuk-textarea--error", "govuk-select--error");
  }
}

const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

function showErrors(form, errors) {
  clearErrors(form);
  const summary = make("div", "govuk-error-summary");
  summary.tabIndex = -1;
  const alert = make("div", "");
  alert.setAttribute("role", "alert");
  const list = make("ul", "govuk-list govuk-error-summary__list");
  alert.append(make("h2", "govuk-error-summary__title", form.dataset.errorTitle), list);
  summary.append(alert);
  for (const [address, sentence] of errors) {
    const target = document.getElementById(address);
    const number = target?.closest("[data-row]")?.querySelector("[data-number]").textContent;
    const link = make("a", "", number ? form.dataset.errorRow.replace("{n}", number) + sentence : sentence);
    link.href = `#${address}`;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      (target?.closest(".govuk-form-group, fieldset") ?? target)?.scrollIntoView();
      target?.focus({ preventScroll: true });
    });
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
    if (target) mark(form, target, address, sentence);
  }
  document.getElementById("main").prepend(summary);
  const prefix = `${form.dataset.errorPage ?? ""}: `; // the title is what a screen reader says first
  if (prefix !== ": " && !document.title.startsWith(prefix)) document.title = prefix + document.title;
  summary.focus();
}

function mark(form, target, address, sentence) {
  const group = target.matches("[data-list]") ? target : target.closest(".mc-field").querySelector(".govuk-form-group");
  const message = make("p", "govuk-error-message");
  message.id = `${address}-error`;
  message.append(make("span", "govuk-visually-hidden", form.dataset.errorPrefix), ` ${sentence}`);
  const before = group.querySelector(".govuk-date-input, .govuk-radios, .govuk-checkboxes, .govuk-input__wrapper, [data-rows]");
  (before ?? target).before(message);
  group.classList.add("govuk-form-group--error");
  const described = target.closest("fieldset:not([data-row])")?.contains(before) ? target.closest("fieldset") : target;
  const ids = (described.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== message.id);
  described.setAttribute("aria-describedby", [...ids, message.id].join(" "));
  if (target.matches("input, select, textarea")) target.setAttribute("aria-invalid", "true");
}

// ---- rows ----
function changeRows(form, event) {
  const button = event.target.closest("[data-add], [data-remove]");
  if (!button) return;
  const list = button.closest("[data-list]");
  const blank = list.querySelector(":scope > [data-blank]");
  if (!blank) return;
  event.preventDefault();
  if ("add" in button.dataset) addRow(list, blank);
  else {
    button.closest("[data-row]").remove();
    list.focus();
  }
  const rows = rowsOf(list.closest("[data-f]"));
  for (const [index, row] of rows.entries())
    for (const number of row.querySelectorAll("[data-number]"))
      if (number.closest("[data-row]") === row) number.textContent = index + 1;
  list.querySelector(":scope > [data-add]").hidden = rows.length >= Number(list.dataset.most);
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function addRow(list, blank) {
  const name = list.dataset.list;
  const used = rowsOf(list.closest("[data-f]")).map((row) => Number(/\[(\d+)\]$/.exec(row.dataset.row)[1]));
  const free = Math.max(-1, ...used) + 1;
  const holder = document.createElement("template");
  holder.innerHTML = blank.innerHTML.replaceAll(`${name}[0]`, `${name}[${free}]`);
  const row = holder.content.querySelector("[data-row]");
  row.querySelector("input[type=hidden]").value = free;
  list.querySelector(":scope > [data-rows]").append(holder.content);
  (row.querySelector("input:not([type=hidden]), select, textarea") ?? row).focus();
}
