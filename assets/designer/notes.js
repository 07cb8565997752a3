// Findings and comments at the elements of a diagram, and the way from a line of the list to its element.
import { readJson } from "./saving.js";

export function markNotes(modeler) {
  const notes = readJson("designer-notes") ?? [];
  const overlays = modeler.get("overlays");
  const registry = modeler.get("elementRegistry");
  const canvas = modeler.get("canvas");
  const counts = new Map();
  for (const note of notes) {
    const element = registry.get(note.element);
    if (!element || element === canvas.getRootElement()) continue;
    canvas.addMarker(note.element, `mc-mark-${note.kind}`);
    const kinds = counts.get(note.element) ?? {};
    (kinds[note.kind] ??= []).push(note.text);
    counts.set(note.element, kinds);
  }
  for (const [element, kinds] of counts) {
    let left = 0;
    for (const [kind, texts] of Object.entries(kinds)) {
      const badge = document.createElement("div");
      badge.className = `mc-badge mc-badge--${kind}`;
      badge.textContent = texts.length;
      badge.title = texts.join("\n");
      overlays.add(element, { position: { top: -12, left: left - 6 }, html: badge });
      left += 24;
    }
  }
  for (const link of document.querySelectorAll("[data-show-element]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      selectElement(modeler, link.dataset.showElement);
    });
  }
}

export function selectElement(modeler, id) {
  const element = modeler.get("elementRegistry").get(id);
  if (!element) return;
  const canvas = modeler.get("canvas");
  canvas.zoom(1);
  const { width, height } = canvas.viewbox();
  const middle = findMiddle(element);
  canvas.viewbox({ x: middle.x - width / 2, y: middle.y - height / 2, width, height });
  for (const marked of document.querySelectorAll(".mc-mark-here")) marked.classList.remove("mc-mark-here");
  canvas.addMarker(element, "mc-mark-here");
  modeler.get("selection", false)?.select(element);
  document.querySelector("[data-canvas]").scrollIntoView({ block: "nearest" });
}

function findMiddle({ waypoints, x, y, width, height }) {
  if (!waypoints) return { x: x + width / 2, y: y + height / 2 };
  const [from, to] = [waypoints[0], waypoints[waypoints.length - 1]];
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
}

// The comment form below speaks of the element that is selected.
export function watchSelection(modeler) {
  const field = document.querySelector("[data-comment-element]");
  if (!field) return;
  modeler.on("selection.changed", ({ newSelection }) => {
    const id = newSelection.length === 1 ? newSelection[0].businessObject?.id : "";
    const option = [...field.options].find((item) => item.value === id);
    if (option) field.value = id;
  });
}
