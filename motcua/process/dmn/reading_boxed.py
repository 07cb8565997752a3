"""From XML to boxed expressions.

Source: OMG DMN 1.5, 7.2.1 (expressions), 8.3 (decision tables), 10.5 (metamodel of boxed expressions).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from lxml import etree

from motcua.process.dmn import nodes
from motcua.process.dmn.source import FEEL_NAMESPACES, child, children, local, text_of

_PREFIXED = re.compile(r"([^\W\d][\w.-]*):([^:<>]+)")
# modelers write the language as a namespace or as a plain word
_FEEL_WORDS = frozenset({"", "feel", "s-feel"})
_FEEL_LANGUAGES = frozenset(f"{namespace.rstrip('/')}/" for namespace in FEEL_NAMESPACES)


def clean_name(raw: str | None) -> str:
    """Collapse the white space of a name: it means the same however much of it there is."""
    return " ".join((raw or "").split())


class BoxedReader:
    """Reads expressions of one model; `prefixes` turns a namespace into the name of its import."""

    def __init__(self, *, namespace: str, prefixes: Mapping[str, str], language: str = "") -> None:
        self.namespace = namespace
        self.prefixes = prefixes
        self.language = language
        self._makers: dict[str, Callable[[etree._Element], nodes.Boxed]] = {
            "literalExpression": self.literal,
            "context": self._context,
            "invocation": self._invocation,
            "functionDefinition": self.function,
            "relation": self._relation,
            "list": self._list,
            "conditional": self._conditional,
            "for": self._iterator,
            "some": self._iterator,
            "every": self._iterator,
            "filter": self._filter,
            "decisionTable": self._table,
        }

    def type_name(self, node: etree._Element, raw: str | None) -> str:
        """Turn a type reference into the form of DMN 1.2 and later: `string`, `tLoan`, `imported.tLoan`."""
        name = clean_name(raw)
        match = _PREFIXED.fullmatch(name)
        if match is None:
            return name
        prefix, rest = match.groups()
        uri = node.nsmap.get(prefix, "")
        if uri in FEEL_NAMESPACES or prefix == "feel" or uri == self.namespace:
            return rest
        owner = self.prefixes.get(uri, "")
        return f"{owner}.{rest}" if owner else rest

    def type_ref(self, node: etree._Element) -> str:
        return self.type_name(node, node.get("typeRef"))

    def parameter(self, node: etree._Element | None, name: str = "") -> nodes.Parameter:
        """Read an information item; without one, the name given stands in."""
        if node is None:
            return nodes.Parameter(name)
        return nodes.Parameter(clean_name(node.get("name")) or name, self.type_ref(node))

    def expression(self, holder: etree._Element | None) -> nodes.Boxed | None:
        """Return the first expression among the children."""
        found = [] if holder is None else self.expressions(holder)
        return found[0] if found else None

    def expressions(self, holder: etree._Element) -> list[nodes.Boxed]:
        return [self._makers[local(item)](item) for item in holder.iterchildren() if local(item) in self._makers]

    def literal(self, node: etree._Element, owner: str = "") -> nodes.Literal:
        language = (node.get("expressionLanguage") or self.language).strip()
        is_feel = language.lower() in _FEEL_WORDS or f"{language.rstrip('/')}/" in _FEEL_LANGUAGES
        refused = "" if is_feel else language
        if child(node, "importedValues") is not None:
            refused = "importedValues"
        return nodes.Literal(_id(node, owner), self.type_ref(node), text=text_of(node).strip(), refused=refused)

    def _context(self, node: etree._Element) -> nodes.Context:
        entries: list[tuple[nodes.Parameter | None, nodes.Boxed | None]] = []
        for entry in children(node, "contextEntry"):
            variable = child(entry, "variable")
            entries.append((None if variable is None else self.parameter(variable), self.expression(entry)))
        return nodes.Context(_id(node), self.type_ref(node), entries=tuple(entries))

    def _invocation(self, node: etree._Element) -> nodes.Invocation:
        bindings = [
            (self.parameter(child(binding, "parameter")), self.expression(binding))
            for binding in children(node, "binding")
        ]
        return nodes.Invocation(_id(node), self.type_ref(node), called=self.expression(node), bindings=tuple(bindings))

    def function(self, node: etree._Element) -> nodes.Function:
        return nodes.Function(
            _id(node),
            self.type_ref(node),
            parameters=tuple(self.parameter(item) for item in children(node, "formalParameter")),
            body=self.expression(node),
            kind=node.get("kind", "FEEL"),
        )

    def _relation(self, node: etree._Element) -> nodes.Relation:
        rows = tuple(tuple(self.expressions(row)) for row in children(node, "row"))
        columns = tuple(self.parameter(item) for item in children(node, "column"))
        return nodes.Relation(_id(node), self.type_ref(node), columns=columns, rows=rows)

    def _list(self, node: etree._Element) -> nodes.List:
        return nodes.List(_id(node), self.type_ref(node), items=tuple(self.expressions(node)))

    def _conditional(self, node: etree._Element) -> nodes.Conditional:
        return nodes.Conditional(
            _id(node),
            self.type_ref(node),
            condition=self.expression(child(node, "if")),
            then=self.expression(child(node, "then")),
            otherwise=self.expression(child(node, "else")),
        )

    def _iterator(self, node: etree._Element) -> nodes.Iterator:
        source = child(node, "in")
        body = child(node, "return")
        kind = local(node)
        return nodes.Iterator(
            _id(node),
            self.type_ref(node),
            kind="some" if kind == "some" else "every" if kind == "every" else "for",
            variable=clean_name(node.get("iteratorVariable")),
            source_type="" if source is None else self.type_ref(source),
            source=self.expression(source),
            body=self.expression(child(node, "satisfies") if body is None else body),
        )

    def _filter(self, node: etree._Element) -> nodes.Filter:
        return nodes.Filter(
            _id(node),
            self.type_ref(node),
            source=self.expression(child(node, "in")),
            match=self.expression(child(node, "match")),
        )

    def _tests(self, node: etree._Element | None, owner: str) -> nodes.Literal | None:
        return None if node is None or not text_of(node).strip() else self.literal(node, owner)

    def _table(self, node: etree._Element) -> nodes.Table:
        return nodes.Table(
            _id(node),
            self.type_ref(node),
            hit_policy=(node.get("hitPolicy") or "UNIQUE").strip(),
            aggregation=(node.get("aggregation") or "").strip(),
            inputs=tuple(self._input(item) for item in children(node, "input")),
            outputs=tuple(self._output(item) for item in children(node, "output")),
            rules=tuple(self._rule(item) for item in children(node, "rule")),
            annotations=tuple(clean_name(item.get("name")) for item in children(node, "annotation")),
        )

    def _input(self, node: etree._Element) -> nodes.InputClause:
        asked = child(node, "inputExpression")
        expression = nodes.Literal(_id(node)) if asked is None else self.literal(asked, _id(node))
        label = clean_name(node.get("label")) or expression.text
        return nodes.InputClause(_id(node), label, expression, self._tests(child(node, "inputValues"), _id(node)))

    def _output(self, node: etree._Element) -> nodes.OutputClause:
        default = child(node, "defaultOutputEntry")
        return nodes.OutputClause(
            _id(node),
            clean_name(node.get("name")),
            clean_name(node.get("label")),
            self.type_ref(node),
            self._tests(child(node, "outputValues"), _id(node)),
            None if default is None else self.literal(default, _id(node)),
        )

    def _rule(self, node: etree._Element) -> nodes.Rule:
        owner = _id(node)
        return nodes.Rule(
            owner,
            tuple(self.literal(item, owner) for item in children(node, "inputEntry")),
            tuple(self.literal(item, owner) for item in children(node, "outputEntry")),
            tuple(text_of(item).strip() for item in children(node, "annotationEntry")),
        )


def _id(node: etree._Element, owner: str = "") -> str:
    """Return the element's id, or that of the nearest element around it that has one."""
    current: etree._Element | None = node
    while current is not None:
        found = current.get("id")
        if found:
            return str(found)
        if owner:
            return owner
        current = current.getparent()
    return ""
