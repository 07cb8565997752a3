// Every page. All of it is enhancement: pages work without.
import { Button, CharacterCount, Checkboxes, ErrorSummary, Radios, SkipLink } from "govuk-frontend";

import { startAutosave } from "./autosave.js";
import { startForm } from "./form.js";
import { startUploads } from "./uploads.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const Component of [Button, CharacterCount, Checkboxes, ErrorSummary, Radios, SkipLink]) {
  for (const element of document.querySelectorAll(`[data-module="${Component.moduleName}"]`)) {
    try {
      new Component(element);
    } catch (error) {
      console.error(error); // one broken part must not stop the rest of the page
    }
  }
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A table that fits has nothing to scroll: it is no stop on the keyboard's way.
const regions = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const region of document.querySelectorAll(".mc-scroll")) regions.observe(region);

startUploads(document);
for (const form of document.querySelectorAll("form[novalidate]")) startForm(form); // before autosave
for (const form of document.querySelectorAll("form[data-autosave-url]")) startAutosave(form);
