"""From XML to the definitions of a model: imports, types, elements and what they require.

Source: OMG DMN 1.5, 6.3 (decision requirements), 7.3.2 (item definitions).
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from motcua.kernel.messages import N_
from motcua.process.dmn import nodes
from motcua.process.dmn.reading_boxed import BoxedReader, clean_name
from motcua.process.dmn.source import MODEL_NAMESPACES, child, children, local, read_root, text_of
from motcua.process.types import Problem


def read_definitions(xml: bytes) -> nodes.Definitions:
    """Read a model; faults of single elements are in `problems`. Raises: DecisionModelError for the whole file."""
    root = read_root(xml)
    return _ModelReader(root).read()


class _ModelReader:
    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.namespace = root.get("namespace", "")
        self.imports = tuple(_read_import(item) for item in children(root, "import"))
        self.boxed = BoxedReader(
            namespace=self.namespace,
            prefixes={item.namespace: item.name for item in self.imports},
            language=root.get("expressionLanguage", ""),
        )
        self.problems: list[Problem] = []

    def read(self) -> nodes.Definitions:
        elements: list[nodes.Element] = []
        for item in self.root.iterchildren():
            element = self._element(item)
            if element is not None:
                elements.append(element)
        self._check_names(elements)
        return nodes.Definitions(
            name=clean_name(self.root.get("name")),
            namespace=self.namespace,
            imports=self.imports,
            types=tuple(self._type(item) for item in children(self.root, "itemDefinition")),
            elements=tuple(elements),
            problems=tuple(self.problems),
        )

    def _check_names(self, elements: Iterable[nodes.Element]) -> None:
        seen_ids: set[str] = set()
        seen_names: set[str] = set()
        for element in elements:
            if element.id in seen_ids:
                text = N_("Mã “%(id)s” được dùng cho nhiều phần tử; hãy đặt mỗi phần tử một mã riêng.", id=element.id)
                self.problems.append(Problem(element.id, "duplicate_id", text))
            if element.name in seen_names:
                text = N_("Tên “%(name)s” được dùng nhiều lần; hãy đặt tên khác nhau.", name=element.name)
                self.problems.append(Problem(element.id, "duplicate_name", text))
            seen_ids.add(element.id)
            seen_names.add(element.name)

    def _element(self, node: etree._Element) -> nodes.Element | None:
        kind = local(node)
        if kind not in ("decision", "inputData", "businessKnowledgeModel", "decisionService"):
            return None
        name = clean_name(node.get("name"))
        identity = node.get("id") or name
        if not name:
            text = N_("Phần tử “%(id)s” chưa có tên; hãy đặt tên cho nó.", id=identity)
            self.problems.append(Problem(identity, "no_name", text))
        variable = self.boxed.parameter(child(node, "variable"), name)
        if kind == "inputData":
            return nodes.InputData(identity, name, variable)
        if kind == "decision":
            return self._decision(node, identity, name, variable)
        if kind == "businessKnowledgeModel":
            return self._knowledge(node, identity, name, variable)
        return nodes.Service(
            identity,
            name,
            variable,
            outputs=self._references(node, "outputDecision"),
            encapsulated=self._references(node, "encapsulatedDecision"),
            decisions=self._references(node, "inputDecision"),
            inputs=self._references(node, "inputData"),
        )

    def _decision(self, node: etree._Element, identity: str, name: str, variable: nodes.Parameter) -> nodes.Decision:
        required = list(children(node, "informationRequirement"))
        return nodes.Decision(
            identity,
            name,
            variable,
            label=clean_name(node.get("label")),
            question=text_of(node, "question").strip(),
            decisions=self._all_references(required, "requiredDecision"),
            inputs=self._all_references(required, "requiredInput"),
            knowledge=self._all_references(children(node, "knowledgeRequirement"), "requiredKnowledge"),
            logic=self.boxed.expression(node),
        )

    def _knowledge(self, node: etree._Element, identity: str, name: str, variable: nodes.Parameter) -> nodes.Knowledge:
        logic = child(node, "encapsulatedLogic")
        return nodes.Knowledge(
            identity,
            name,
            variable,
            logic=None if logic is None else self.boxed.function(logic),
            knowledge=self._all_references(children(node, "knowledgeRequirement"), "requiredKnowledge"),
        )

    def _all_references(self, holders: Iterable[etree._Element], name: str) -> tuple[nodes.Reference, ...]:
        return tuple(found for holder in holders for found in self._references(holder, name))

    def _references(self, holder: etree._Element, name: str) -> tuple[nodes.Reference, ...]:
        return tuple(self._reference(item.get("href", "")) for item in children(holder, name))

    def _reference(self, href: str) -> nodes.Reference:
        namespace, mark, identity = href.strip().rpartition("#")
        if not mark:
            return "", identity
        return ("" if namespace == self.namespace else namespace), identity

    def _type(self, node: etree._Element) -> nodes.ItemDefinition:
        function = child(node, "functionItem")
        base = child(node, "typeRef")
        return nodes.ItemDefinition(
            node.get("id") or clean_name(node.get("name")),
            clean_name(node.get("name")),
            type_ref="" if base is None else self.boxed.type_name(base, base.text),
            is_collection=node.get("isCollection", "").strip() in ("true", "1"),
            allowed=text_of(child(node, "allowedValues")).strip(),
            constraint=text_of(child(node, "typeConstraint")).strip(),
            components=tuple(self._type(item) for item in children(node, "itemComponent")),
            function=None if function is None else self._function_type(function),
        )

    def _function_type(self, node: etree._Element) -> tuple[tuple[nodes.Parameter, ...], str]:
        parameters = tuple(self.boxed.parameter(item) for item in children(node, "parameters"))
        return parameters, self.boxed.type_name(node, node.get("outputTypeRef"))


def _read_import(node: etree._Element) -> nodes.Import:
    kind = node.get("importType", "")
    return nodes.Import(
        node.get("id", ""),
        clean_name(node.get("name")),
        node.get("namespace", ""),
        "dmn" if kind in MODEL_NAMESPACES or kind.lower() in ("", "dmn") else kind,
    )
