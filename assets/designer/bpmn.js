// The drawing tool for process.bpmn: draws, saves, shows findings and comments on the elements they speak of.
import BpmnModeler from "bpmn-js/lib/Modeler";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  ZeebePropertiesProviderModule,
} from "bpmn-js-properties-panel";
import zeebeModdle from "zeebe-bpmn-moddle/resources/zeebe.json";
import ZeebeBehaviors from "camunda-bpmn-js-behaviors/lib/camunda-cloud";

import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";
import "@bpmn-io/properties-panel/dist/assets/properties-panel.css";

import { markNotes, selectElement, watchSelection } from "./notes.js";
import { readFile, showFailure, startSaving } from "./saving.js";
import { makeStepModule } from "./step-panel.js";
import { bpmnWords } from "./vi.js";

const root = document.querySelector("[data-editor=bpmn]");
// The panel hears of a selection only once it has been drawn, at most 100 ms after the import.
const PANEL_DELAY = 150;

function makeModeler() {
  const canvas = root.querySelector("[data-canvas]");
  const moddleExtensions = { zeebe: zeebeModdle };
  if (root.dataset.readonly) return new NavigatedViewer({ container: canvas, moddleExtensions, additionalModules: [bpmnWords] });
  return new BpmnModeler({
    container: canvas,
    propertiesPanel: { parent: root.querySelector("[data-panel]") },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      ZeebeBehaviors,
      makeStepModule(),
      bpmnWords,
    ],
    moddleExtensions,
  });
}

// The whole drawing, right of the palette.
function showWhole(canvas) {
  canvas.zoom("fit-viewport", "auto");
  const { width, height } = canvas.getContainer().getBoundingClientRect();
  if (!root.dataset.readonly && width > 500) canvas.zoom(canvas.zoom() * (1 - 130 / width), { x: width, y: height / 2 });
}

async function open() {
  const modeler = makeModeler();
  await modeler.importXML(await readFile(root.dataset.fileUrl));
  showWhole(modeler.get("canvas"));
  if (!root.dataset.readonly) {
    const changed = startSaving(root, async () => (await modeler.saveXML({ format: true })).xml);
    modeler.on("commandStack.changed", changed);
  }
  markNotes(modeler);
  watchSelection(modeler);
  if (root.dataset.element) {
    await new Promise((resolve) => setTimeout(resolve, PANEL_DELAY));
    selectElement(modeler, root.dataset.element);
  }
  root.dataset.editorState = "ready";
}

open().catch((error) => showFailure(root, error));
