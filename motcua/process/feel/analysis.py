"""What an expression reads, and which of its parts never change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields

from motcua.process.feel import syntax
from motcua.process.feel.syntax import Node

Paths = set[tuple[str, ...]]


def children(node: Node) -> list[Node]:
    """Return the parts of a part."""
    found: list[Node] = []
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            found += [part for part in value if isinstance(part, Node)]
            found += [part[1] for part in value if isinstance(part, tuple) and isinstance(part[1], Node)]
    return found


def walk(node: Node) -> Iterator[Node]:
    """Yield a part and all parts below it."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting += children(current)


def mentions(node: Node, name: str) -> bool:
    """Tell whether a name occurs anywhere below a part."""
    return any(isinstance(part, syntax.Name) and part.name == name for part in walk(node))


_FIXED = (
    syntax.Literal, syntax.Negation, syntax.Binary, syntax.Between, syntax.ListOf, syntax.RangeOf, syntax.ContextOf,
)  # fmt: skip


def is_fixed(node: Node, functions: frozenset[str]) -> bool:
    """Tell whether a part has one value for ever; `functions` are those that depend on their arguments alone."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, syntax.Call):
            if not isinstance(current.function, syntax.Name) or current.function.name not in functions:
                return False
            waiting += current.arguments
        elif not isinstance(current, _FIXED) or (isinstance(current, syntax.ContextOf) and len(current.entries) > 1):
            return False
        else:
            waiting += children(current)
    return True


def read_paths(node: Node, builtins: frozenset[str]) -> frozenset[tuple[str, ...]]:
    """Return the variables that are read, each by its longest path; rather too many than too few."""
    found: Paths = set()
    _collect(node, frozenset(), builtins, found)
    return frozenset(found)


def _collect(node: Node, bound: frozenset[str], builtins: frozenset[str], found: Paths) -> None:
    while isinstance(node, syntax.Binary):
        _collect(node.right, bound, builtins, found)
        node = node.left
    path = _path_of(node)
    if path is not None:
        if path[0] not in bound and path[0] != "?":
            found.add(path)
        return
    collect = _COLLECTORS.get(type(node))
    if collect is not None:
        collect(node, bound, builtins, found)
        return
    for part in children(node):
        _collect(part, bound, builtins, found)


def _collect_filter(node: syntax.Filter, bound: frozenset[str], builtins: frozenset[str], found: Paths) -> None:
    _collect(node.source, bound, builtins, found)
    # A name in the brackets may be an entry of the item or a variable: it counts as a variable.
    _collect(node.condition, bound | {"item"}, builtins, found)


def _collect_lambda(node: syntax.Lambda, bound: frozenset[str], builtins: frozenset[str], found: Paths) -> None:
    if node.body is not None:
        _collect(node.body, bound | {name for name, _ in node.parameters}, builtins, found)


def _collect_context(node: syntax.ContextOf, bound: frozenset[str], builtins: frozenset[str], found: Paths) -> None:
    for name, value in node.entries:
        _collect(value, bound, builtins, found)
        bound |= {name}


def _collect_call(node: syntax.Call, bound: frozenset[str], builtins: frozenset[str], found: Paths) -> None:
    called = node.function
    if not isinstance(called, syntax.Name) or called.name not in builtins:
        _collect(called, bound, builtins, found)
    for argument in node.arguments:
        _collect(argument, bound, builtins, found)


def _collect_loop(
    node: syntax.For | syntax.Quantified, bound: frozenset[str], builtins: frozenset[str], found: Paths
) -> None:
    bound |= {"partial"} if isinstance(node, syntax.For) else frozenset()
    for iterator in node.iterators:
        _collect(iterator.source, bound, builtins, found)
        if iterator.end is not None:
            _collect(iterator.end, bound, builtins, found)
        bound |= {iterator.name}
    _collect(node.body if isinstance(node, syntax.For) else node.condition, bound, builtins, found)


_COLLECTORS: dict[type[Node], Callable[..., None]] = {
    syntax.For: _collect_loop,
    syntax.Quantified: _collect_loop,
    syntax.Filter: _collect_filter,
    syntax.Lambda: _collect_lambda,
    syntax.ContextOf: _collect_context,
    syntax.Call: _collect_call,
}


def _path_of(node: Node) -> tuple[str, ...] | None:
    names: list[str] = []
    while isinstance(node, syntax.Path):
        names.append(node.name)
        node = node.source
    if not isinstance(node, syntax.Name):
        return None
    return (node.name, *reversed(names))
