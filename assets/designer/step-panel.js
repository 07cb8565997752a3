// A group of the properties panel in the city's own words: who does the step, on which screen, with which choices, in which share of the term.
import { SelectEntry, TextFieldEntry, isSelectEntryEdited, isTextFieldEntryEdited } from "@bpmn-io/properties-panel";
import { useService } from "bpmn-js-properties-panel";
import { is } from "bpmn-js/lib/util/ModelUtil";

import { readJson } from "./saving.js";

const choices = readJson("designer-choices") ?? { roles: [], screens: [], stages: [], outcomes: [], labels: {} };

export function makeStepModule() {
  return { __init__: ["cityStepProvider"], cityStepProvider: ["type", CityStepProvider] };
}

CityStepProvider.$inject = ["propertiesPanel"];

function CityStepProvider(propertiesPanel) {
  this.getGroups = (element) => (groups) => {
    const entries = entriesOf(element);
    if (!entries.length) return groups;
    const own = { id: "city-step", label: choices.labels.group, entries, shouldOpen: true };
    return [...groups.slice(0, 1), own, ...groups.slice(1)];
  };
  propertiesPanel.registerProvider(200, this);
}

function entriesOf(element) {
  const label = choices.labels;
  if (is(element, "bpmn:UserTask")) {
    return [
      choice(element, "city-role", label.role, choices.roles, assignment("candidateGroups")),
      choice(element, "city-screen", label.screen, choices.screens, formId()),
      text(element, "city-outcomes", label.outcomes, property("outcomes"), label.outcomesHint),
      text(element, "city-share", label.share, property("share_minutes"), label.shareHint),
      choice(element, "city-stage", label.stage, choices.stages, property("stage")),
    ];
  }
  if (is(element, "bpmn:EndEvent"))
    return [
      choice(element, "city-outcome", label.outcome, choices.outcomes, property("outcome")),
      choice(element, "city-stage", label.stage, choices.stages, property("stage")),
    ];
  if (is(element, "bpmn:FlowNode")) return [choice(element, "city-stage", label.stage, choices.stages, property("stage"))];
  return [];
}

const choice = (element, id, label, options, access) => ({
  id, element, label, options, access, component: Choice, isEdited: isSelectEntryEdited,
});
const text = (element, id, label, access, description) => ({
  id, element, label, access, description, component: Text, isEdited: isTextFieldEntryEdited,
});

function Choice({ id, element, label, options, access }) {
  const { get, set } = useAccess(element, access);
  const current = get();
  const known = options.some(([value]) => value === current) || !current;
  const getOptions = () => [
    { value: "", label: choices.labels.none },
    ...options.map(([value, name]) => ({ value, label: name })),
    ...(known ? [] : [{ value: current, label: current }]),
  ];
  return SelectEntry({ id, element, label, getValue: get, setValue: set, getOptions });
}

function Text({ id, element, label, description, access }) {
  const { get, set } = useAccess(element, access);
  return TextFieldEntry({ id, element, label, description, getValue: get, setValue: set, debounce: useService("debounceInput") });
}

function useAccess(element, access) {
  const modeling = useService("modeling");
  const moddle = useService("bpmnFactory");
  return {
    get: () => access.get(element.businessObject) ?? "",
    set: (value) => {
      const extension = access.change(element.businessObject, value || undefined, moddle);
      modeling.updateProperties(element, { extensionElements: extension });
    },
  };
}

// The change is made on a copy of the extension elements, so that undo gives the old ones back.
function copyExtensions(object, moddle) {
  const values = (object.extensionElements?.values ?? []).slice();
  const extension = moddle.create("bpmn:ExtensionElements", { values });
  extension.$parent = object;
  return extension;
}

function replaceOne(extension, type, make) {
  const index = extension.values.findIndex((item) => item.$type === type);
  const made = make(index < 0 ? null : extension.values[index]);
  if (made) made.$parent = extension;
  const rest = extension.values.filter((_, position) => position !== index);
  extension.values = made ? [...rest, made] : rest;
  return extension;
}

const find = (object, type) => object.extensionElements?.values?.find((item) => item.$type === type);

function assignment(name) {
  return {
    get: (object) => find(object, "zeebe:AssignmentDefinition")?.[name],
    change: (object, value, moddle) =>
      replaceOne(copyExtensions(object, moddle), "zeebe:AssignmentDefinition", (old) =>
        value ? moddle.create("zeebe:AssignmentDefinition", { assignee: old?.assignee, candidateUsers: old?.candidateUsers, [name]: value }) : null,
      ),
  };
}

function formId() {
  return {
    get: (object) => find(object, "zeebe:FormDefinition")?.formId,
    change: (object, value, moddle) =>
      replaceOne(copyExtensions(object, moddle), "zeebe:FormDefinition", () =>
        value ? moddle.create("zeebe:FormDefinition", { formId: value }) : null,
      ),
  };
}

function property(name) {
  return {
    get: (object) => find(object, "zeebe:Properties")?.properties?.find((item) => item.name === name)?.value,
    change: (object, value, moddle) =>
      replaceOne(copyExtensions(object, moddle), "zeebe:Properties", (old) => {
        const kept = (old?.properties ?? []).filter((item) => item.name !== name);
        const items = value ? [...kept, { name, value }] : kept;
        if (!items.length) return null;
        const made = moddle.create("zeebe:Properties");
        made.properties = items.map((item) => {
          const one = moddle.create("zeebe:Property", { name: item.name, value: item.value });
          one.$parent = made;
          return one;
        });
        return made;
      }),
  };
}
