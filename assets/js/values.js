// Reads answers out of controls as the server does (process/forms/answers.py, moments.py), and shows numbers back.
import { isDay } from "./feel.js";

export const UNREADABLE = Symbol("unreadable");

const clean = (text) => text.normalize("NFC").split(/\s+/).filter(Boolean).join(" ");

export function readNumber(text, isMoney) {
  let bare = text.normalize("NFKC").replaceAll(" ", "");
  if (isMoney) bare = bare.replace(/(?:đồng|đ|vnd|vnđ)$/i, "");
  if (/^-?\d{1,3}(?:\.\d{3})+(?:,\d+)?$/.test(bare)) return Number(bare.replaceAll(".", "").replace(",", "."));
  return /^-?\d{1,18}(?:[.,]\d{1,9})?$/.test(bare) ? Number(bare.replace(",", ".")) : UNREADABLE;
}

export function readDay(day, month, year) {
  if (![day, month, year].every((part) => /^\d{1,4}$/.test(part))) return UNREADABLE;
  const text = `${year.padStart(4, "0")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return isDay(text) && year >= 1850 && year <= 2200 ? text : UNREADABLE;
}

function readTime(text) {
  const parts = /^([01]?\d|2[0-3])\s*(?::|h|g|giờ)\s*([0-5]\d)?(?:\s*(?:phút|p|:00))?$/i.exec(text);
  return parts ? `${parts[1].padStart(2, "0")}:${parts[2] ?? "00"}` : UNREADABLE;
}

// Returns the answer in one field's element: null when there is none, UNREADABLE when it cannot be read.
export function readAnswer(rule, element) {
  const inputs = [...element.querySelectorAll("input, select, textarea")].filter((input) => input.type !== "file");
  if (!inputs.length) return null;
  if (rule.c === "b") return inputs[0].checked;
  if (rule.c === "r" && inputs[0].type === "radio") return inputs.find((input) => input.checked)?.value ?? null;
  if (rule.c === "m") {
    const chosen = inputs.filter((input) => input.checked).map((input) => input.value);
    return chosen.length ? chosen : null;
  }
  const typed = inputs.map((input) => (input.tagName === "TEXTAREA" ? input.value.trim() : clean(input.value)));
  if (typed.every((text) => text === "")) return null;
  if (rule.c === "n") return readNumber(typed[0], rule.m);
  if (rule.c !== "d") return typed[0];
  if (rule.s === "time") return readTime(typed[0]);
  const day = readDay(typed[0], typed[1], typed[2]);
  if (rule.s !== "dt") return day;
  const time = readTime(typed[3]);
  return day === UNREADABLE || time === UNREADABLE ? UNREADABLE : `${day}T${time}`;
}

// The sentence for half a date names what is missing; the server's own words come with the rule.
export function showValue(rule, value) {
  if (value === null || value === undefined) return "–";
  if (typeof value === "boolean") return value ? "Có" : "Không";
  if (typeof value === "number") {
    const [whole, part] = String(Math.abs(value)).split(".");
    if (whole.includes("e")) return String(value);
    const text = (value < 0 ? "-" : "") + whole.replace(/\B(?=(\d{3})+$)/g, ".");
    if (rule.m) return `${text} đồng`;
    return [part ? `${text},${part}` : text, rule.u].filter(Boolean).join(" ");
  }
  const text = value.text ?? value;
  return isDay(text) ? text.split("-").reverse().join("/") : String(text);
}
