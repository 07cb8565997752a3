"""Walk through the expressions of a model."""

from __future__ import annotations

from collections.abc import Iterator

from motcua.process.dmn import nodes


def walk(node: nodes.Boxed | None) -> Iterator[nodes.Boxed]:
    """Yield an expression and all that stand inside it."""
    if node is None:
        return
    yield node
    for part in parts_of(node):
        yield from walk(part)


def parts_of(node: nodes.Boxed) -> tuple[nodes.Boxed | None, ...]:
    """Return the expressions that stand directly inside one; cells of tables are none."""
    match node:
        case nodes.Context():
            return tuple(value for _variable, value in node.entries)
        case nodes.Invocation():
            return (node.called, *(value for _parameter, value in node.bindings))
        case nodes.Function():
            return (node.body,)
        case nodes.Iterator():
            return (node.source, node.body)
        case nodes.Relation():
            return tuple(cell for row in node.rows for cell in row)
        case nodes.List():
            return node.items
        case nodes.Conditional():
            return (node.condition, node.then, node.otherwise)
        case nodes.Filter():
            return (node.source, node.match)
    return ()


def member_names(definitions: nodes.Definitions) -> frozenset[str]:
    """Return the names that values get inside a model: context entries, columns of relations, outputs of tables."""
    found: set[str] = set()
    for element in definitions.elements:
        logic = element.logic if isinstance(element, (nodes.Decision, nodes.Knowledge)) else None
        for node in walk(logic):
            found.update(_names_in(node))
    return frozenset(found)


def _names_in(node: nodes.Boxed) -> Iterator[str]:
    match node:
        case nodes.Context():
            yield from (variable.name for variable, _value in node.entries if variable is not None)
        case nodes.Relation():
            yield from (column.name for column in node.columns)
        case nodes.Table():
            yield from (output.name for output in node.outputs)
