// The editor for decision tables (decisions/*.dmn).
import DmnModeler from "dmn-js/lib/Modeler";

import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "dmn-js/dist/assets/dmn-js-drd.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-decision-table-controls.css";
import "dmn-js/dist/assets/dmn-js-literal-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression-controls.css";
import "dmn-js/dist/assets/dmn-font/css/dmn.css";

import { readFile, showFailure, startSaving } from "./saving.js";
import { dmnWords } from "./vi.js";

const root = document.querySelector("[data-editor=dmn]");

async function open() {
  const words = { additionalModules: [dmnWords] };
  const modeler = new DmnModeler({
    container: root.querySelector("[data-canvas]"),
    drd: words,
    decisionTable: words,
    literalExpression: words,
    boxedExpression: words,
  });
  const changed = startSaving(root, async () => (await modeler.saveXML({ format: true })).xml);
  const watched = new WeakSet();
  modeler.on("views.changed", () => {
    const viewer = modeler.getActiveViewer();
    if (!viewer || watched.has(viewer)) return;
    watched.add(viewer);
    viewer.on("elements.changed", changed);
  });
  await modeler.importXML(await readFile(root.dataset.fileUrl));
  const table = modeler.getViews().find((view) => view.type === "decisionTable" && view.id === root.dataset.element)
    ?? modeler.getViews().find((view) => view.type === "decisionTable");
  if (table) await modeler.open(table);
  root.dataset.editorState = "ready";
}

open().catch((error) => showFailure(root, error));
