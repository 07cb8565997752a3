"""Type expressions, `instance of`, and what a value conforms to.

Source: OMG DMN 1.5, 10.3.2.9 (types, conformance) and 10.3.2.9.4 (implicit conversions).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from motcua.process.feel.temporal import FeelDate
from motcua.process.feel.temporal_math import as_date_time
from motcua.process.feel.values import FeelFunction, Range, kind_of

if TYPE_CHECKING:
    from motcua.process.feel.tokens import TokenReader

_ALIASES = {"dayTimeDuration": "days and time duration", "yearMonthDuration": "years and months duration",
            "dateTime": "date and time", "any": "Any", "null": "Null"}  # fmt: skip
BASIC = frozenset(
    {"number", "string", "boolean", "date", "time", "date and time", "days and time duration",
     "years and months duration", "Any", "Null"}
)  # fmt: skip
_WORDY = ("days and time duration", "years and months duration", "date and time")


@dataclass(frozen=True, slots=True)
class FeelType:
    """A type: a basic one, list<element>, context<fields>, function<parameters> -> result, range<element>."""

    name: str
    element: FeelType | None = None
    fields: Mapping[str, FeelType] | None = None
    parameters: tuple[FeelType, ...] | None = None
    result: FeelType | None = None


ANY = FeelType("Any")


def named_type(name: str) -> FeelType:
    """Return the type of a name such as "number"; a name of no basic type is one that the model defines."""
    return FeelType(_ALIASES.get(name, name))


def read_type(reader: TokenReader) -> FeelType:
    """Read a type expression. Source: rules 56 to 58."""
    reader.enter()
    word = reader.current
    if word.text in ("list", "range", "context", "function") and reader.peek().text == "<":
        reader.take()
        reader.take()
        found = _TYPE_READERS[word.text](reader)
    else:
        found = _named(reader)
    reader.leave()
    return found


def _named(reader: TokenReader) -> FeelType:
    for name in _WORDY:
        words = name.split()
        if [reader.peek(index).text for index in range(len(words))] == words:
            reader.position += len(words)
            return FeelType(name)
    if reader.current.text in ("function", "null"):
        return _bare(reader.take().text)
    name = reader.take_name()
    while reader.at(".") and reader.peek().kind == "word":
        reader.take()
        name += "." + reader.take_name(members=True)
    return _bare(name)


def _bare(name: str) -> FeelType:
    """Name a type; list, range, context and function without their parts are none (table 61)."""
    return FeelType(f"{name}<>") if name in _TYPE_READERS else named_type(name)


def _list(reader: TokenReader) -> FeelType:
    element = read_type(reader)
    reader.expect(">")
    return FeelType("list", element)


def _range(reader: TokenReader) -> FeelType:
    element = read_type(reader)
    reader.expect(">")
    return FeelType("range", element)


def _context(reader: TokenReader) -> FeelType:
    fields: dict[str, FeelType] = {}
    while not reader.accept(">"):
        if fields:
            reader.expect(",")
        name = reader.declared_name(":")
        if name is None:
            raise reader.refuse()
        reader.expect(":")
        fields[name] = read_type(reader)
    return FeelType("context", fields=fields)


def _function(reader: TokenReader) -> FeelType:
    parameters: list[FeelType] = []
    while not reader.accept(">"):
        if parameters:
            reader.expect(",")
        parameters.append(read_type(reader))
    reader.expect("->")
    return FeelType("function", parameters=tuple(parameters), result=read_type(reader))


_TYPE_READERS = {"list": _list, "range": _range, "context": _context, "function": _function}


def resolve(kind: FeelType, types: Mapping[str, FeelType], depth: int = 0) -> FeelType | None:
    """Replace names that a model defines; None when a name is unknown."""
    if depth > 20:
        return None
    if kind.name not in ("list", "range", "context", "function") and kind.name not in BASIC:
        known = types.get(kind.name)
        return None if known is None else known if known.name == kind.name else resolve(known, types, depth + 1)
    element = resolve(kind.element, types, depth + 1) if kind.element else None
    fields = {name: resolve(each, types, depth + 1) for name, each in kind.fields.items()} if kind.fields else None
    parameters = tuple(resolve(each, types, depth + 1) for each in kind.parameters) if kind.parameters else None
    result = resolve(kind.result, types, depth + 1) if kind.result else None
    wanted = [kind.element and element, kind.result and result, *(fields or {}).values(), *(parameters or ())]
    if (kind.element and element is None) or (kind.result and result is None) or None in wanted[2:]:
        return None
    kept = {name: each for name, each in (fields or {}).items() if each is not None}
    return FeelType(
        kind.name, element, kept if kind.fields is not None else None,
        tuple(each for each in parameters if each) if parameters is not None else kind.parameters, result,
    )  # fmt: skip


def is_instance(value: Any, kind: FeelType) -> bool:
    """Compute `value instance of type`; null is an instance of Null alone."""
    if value is None:
        return kind.name == "Null"
    return conforms(value, kind)


def conforms(value: Any, kind: FeelType) -> bool:
    """Tell whether a value may stand where the type is wanted; null may everywhere."""
    if value is None or kind.name == "Any":
        return True
    if kind_of(value) != kind.name:
        return False
    if kind.name == "list" and kind.element is not None:
        return all(conforms(item, kind.element) for item in value)
    if kind.name == "context" and kind.fields is not None:
        return all(name in value and conforms(value[name], each) for name, each in kind.fields.items())
    if kind.name == "range" and kind.element is not None:
        return _range_conforms(value, kind.element)
    if kind.name == "function" and kind.parameters is not None:
        return _function_conforms(value, kind)
    return True


def _range_conforms(value: Range, element: FeelType) -> bool:
    return conforms(value.start, element) and conforms(value.end, element)


def _function_conforms(value: FeelFunction, kind: FeelType) -> bool:
    wanted = kind.parameters or ()
    types = value.types or (ANY,) * len(value.parameters)
    if len(types) != len(wanted):
        return False
    results = is_subtype(value.result or ANY, kind.result or ANY)
    return results and all(is_subtype(given, own or ANY) for given, own in zip(wanted, types, strict=True))


def is_subtype(kind: FeelType, wanted: FeelType) -> bool:
    """Tell whether one type conforms to another."""
    if wanted.name == "Any" or kind.name == "Null":
        return True
    if kind.name != wanted.name:
        return False
    if wanted.element is not None:
        return is_subtype(kind.element or ANY, wanted.element)
    if wanted.fields is not None:
        own = kind.fields or {}
        return all(name in own and is_subtype(own[name], each) for name, each in wanted.fields.items())
    return True


def convert(value: Any, kind: FeelType) -> tuple[Any, bool]:
    """Convert as the standard allows without being asked, and tell whether the result conforms."""
    if conforms(value, kind):
        return value, True
    if kind.name == "list" and not isinstance(value, list):
        single = [value]
        return (single, True) if conforms(single, kind) else (None, False)
    if isinstance(value, list) and len(value) == 1 and conforms(value[0], kind):
        return value[0], True
    if kind.name == "date and time" and isinstance(value, FeelDate):
        return as_date_time(value), True
    return None, False
