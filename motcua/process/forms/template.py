"""Texts that hold expressions: {{name}}, {{#if …}}…{{/if}}, {{#loop list}}…{{/loop}}, or a whole "=expression".

Source: form-js documentation, "Templating" (feelers): the three forms above; in a loop `this` is the item.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.feel import Expression, compile_expression
from motcua.process.feel.values import to_plain

MAX_TEMPLATE = 20_000
MAX_RESULT = 50_000
MAX_NESTING = 10
MAX_LOOP = 200
_TAG = re.compile(r"\{\{(.{1,2000}?)\}\}", re.DOTALL)
Escape = Callable[[str], str]
Scope = Mapping[str, Any]


class TemplateError(Exception):
    """The template cannot be read; the argument says why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A fixed text, a value, a condition or a loop with what stands in it."""

    kind: str
    text: str = ""
    expression: Expression | None = None
    inner: tuple[_Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled text."""

    source: str
    nodes: tuple[_Node, ...]

    def fill(self, scope: Scope, *, escape: Escape = str) -> str:
        """Return the text for these answers; `escape` is applied to every value put in, to nothing else."""
        filling = _Filling(escape)
        filling.fill(self.nodes, scope)
        return "".join(filling.parts)[:MAX_RESULT]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The expressions that it holds."""
        return tuple(_expressions(self.nodes))


def has_expressions(text: str) -> bool:
    """Tell whether the text is more than a text."""
    return text.lstrip().startswith("=") or "{{" in text


def compile_template(text: str) -> Template:
    """Compile a text. Raises: TemplateError, FeelError."""
    if len(text) > MAX_TEMPLATE:
        raise TemplateError(N_("văn bản có biểu thức dài quá %(max_template)s ký tự.", max_template=MAX_TEMPLATE))
    if text.lstrip().startswith("="):
        return Template(text, (_Node("value", expression=compile_expression(text)),))
    stack: list[tuple[_Node, list[_Node]]] = [(_Node("root"), [])]
    at = 0
    for tag in _TAG.finditer(text):
        stack[-1][1].append(_Node("text", text[at : tag.start()]))
        at = tag.end()
        _take_tag(tag[1].strip(), stack)
    stack[-1][1].append(_Node("text", text[at:]))
    if len(stack) != 1:
        raise TemplateError(N_("thiếu {{/%(kind)s}}.", kind=stack[-1][0].kind))
    return Template(text, tuple(stack[0][1]))


def _take_tag(tag: str, stack: list[tuple[_Node, list[_Node]]]) -> None:
    if tag.startswith("/"):
        opened, inner = stack.pop() if len(stack) > 1 else (_Node("root"), [])
        if opened.kind != tag[1:].strip():
            raise TemplateError(N_("{{%(tag)s}} không khép phần nào đang mở.", tag=tag[:40]))
        stack[-1][1].append(_Node(opened.kind, expression=opened.expression, inner=tuple(inner)))
        return
    opening = re.match(r"#(if|loop)\s+", tag)
    if opening is None:
        stack[-1][1].append(_Node("value", expression=compile_expression(tag)))
        return
    if len(stack) > MAX_NESTING:
        raise TemplateError(N_("văn bản có quá nhiều phần lồng nhau."))
    stack.append((_Node(opening[1], expression=compile_expression(tag[opening.end() :])), []))


class _Filling:
    """One filling in; stops when the text is long enough or the work too much."""

    def __init__(self, escape: Escape) -> None:
        self.escape = escape
        self.parts: list[str] = []
        self.left = MAX_RESULT

    def put(self, text: str) -> None:
        self.parts.append(text)
        self.left -= len(text)

    def fill(self, nodes: tuple[_Node, ...], scope: Scope) -> None:
        for node in nodes:
            self.left -= 1
            if self.left <= 0:
                return
            if node.expression is None:
                self.put(node.text)
            elif node.kind == "value":
                self.put(self.escape(show(to_plain(node.expression.evaluate(scope)))))
            elif node.kind == "loop":
                self.loop(node, scope)
            elif node.expression.is_true(scope):
                self.fill(node.inner, scope)

    def loop(self, node: _Node, scope: Scope) -> None:
        assert node.expression is not None  # a loop has one
        items = to_plain(node.expression.evaluate(scope))
        for item in items[:MAX_LOOP] if isinstance(items, list) else ():
            self.left -= 1
            self.fill(node.inner, {**scope, **(item if isinstance(item, Mapping) else {}), "this": item})


def _expressions(nodes: tuple[_Node, ...]) -> list[Expression]:
    found = [node.expression for node in nodes if node.expression is not None]
    for node in nodes:
        found += _expressions(node.inner)
    return found


def show(value: Any) -> str:
    """Return a value as it stands in a Vietnamese sentence."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, (int, float)):
        return f"{value:,}".replace(",", " ").replace(".", ",").replace(" ", ".")
    if isinstance(value, list):
        return "; ".join(show(item) for item in value[:MAX_LOOP])
    if isinstance(value, Mapping):
        return ", ".join(show(item) for item in value.values())
    text = str(value)
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text, re.ASCII)
    return f"{iso[3]}/{iso[2]}/{iso[1]}" if iso else text
