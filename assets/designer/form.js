// The editor for the questions people answer (form.json).
import { FormEditor } from "@bpmn-io/form-js-editor";

import "@bpmn-io/form-js-viewer/dist/assets/form-js.css";
import "@bpmn-io/form-js-editor/dist/assets/form-js-editor.css";

import { readFile, showFailure, startSaving } from "./saving.js";
import { translateScreen } from "./vi.js";

const root = document.querySelector("[data-editor=form]");

async function open() {
  const canvas = root.querySelector("[data-canvas]");
  translateScreen(canvas);
  const editor = new FormEditor({ container: canvas });
  await editor.importSchema(JSON.parse(await readFile(root.dataset.fileUrl)));
  const changed = startSaving(root, async () => `${JSON.stringify(editor.saveSchema(), null, 2)}\n`);
  editor.on("changed", changed);
  if (root.dataset.element) {
    const field = editor.get("formFieldRegistry").get(root.dataset.element);
    if (field) editor.get("selection").set(field);
  }
  root.dataset.editorState = "ready";
}

open().catch((error) => showFailure(root, error));
