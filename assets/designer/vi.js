// Puts the editors into Vietnamese: a translate module for the two that have one, the texts on screen for the one that has none.
import { bpmn, panel } from "./vi-bpmn.js";
import { dmn } from "./vi-dmn.js";
import { form } from "./vi-form.js";

const isVietnamese = document.documentElement.lang === "vi";

// The panel's headings write the kinds of elements with capitals ("User Task"), the menus without.
const find = (words, text) => words[text] ?? words[text.charAt(0) + text.slice(1).toLowerCase()];

function translator(words) {
  return (template, replacements = {}) =>
    ((isVietnamese && find(words, template)) || template).replace(/{([^}]+)}/g, (_, key) =>
      key in replacements ? replacements[key] : `{${key}}`,
    );
}

export const bpmnWords = { translate: ["value", translator({ ...panel, ...bpmn })] };
export const dmnWords = { translate: ["value", translator(dmn)] };

const ATTRIBUTES = ["title", "placeholder", "aria-label"];

// Replaces whole texts only, so that what people write themselves stays as they wrote it. Inputs and code are left alone.
export function translateScreen(root, words = form, skip = ".fjs-form, .fjs-properties-panel-entry input, textarea, .cm-editor") {
  if (!isVietnamese) return;
  const mend = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.nodeValue.trim();
      if (words[text] && !node.parentElement?.closest(skip)) node.nodeValue = node.nodeValue.replace(text, words[text]);
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(skip)) return;
    for (const name of ATTRIBUTES) {
      const text = node.getAttribute(name);
      if (text && words[text]) node.setAttribute(name, words[text]);
    }
    node.childNodes.forEach(mend);
  };
  mend(root);
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") mend(change.target);
      else change.addedNodes.forEach(mend);
    }
  }).observe(root, { subtree: true, childList: true, characterData: true });
}
