"""The types that a model knows by name: the built-in ones, its own and those of imported models.

Source: OMG DMN 1.5, 7.3.2 (item definitions), 10.3.1.2 grammar rule 52 (type), Table 44 (built-in type names).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from motcua.kernel.messages import N_
from motcua.process.dmn import nodes
from motcua.process.dmn.itemtypes import (
    AnyType,
    Constrained,
    FunctionOf,
    Lazy,
    ListOf,
    Mapped,
    NullType,
    Plain,
    RangeOf,
    Record,
    Test,
    TypeFace,
)
from motcua.process.feel import FeelError, compile_unary_tests
from motcua.process.feel.temporal import DaysTime, FeelDate, FeelDateTime, FeelTime, YearsMonths
from motcua.process.feel.types import FeelType
from motcua.process.types import Problem

ANY = AnyType()

_PLAIN: dict[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": FeelDate,
    "time": FeelTime,
    "date and time": FeelDateTime,
    "days and time duration": DaysTime,
    "years and months duration": YearsMonths,
}
BUILT_IN: dict[str, TypeFace] = {name: Plain(name, kind) for name, kind in _PLAIN.items()} | {
    "Any": ANY,
    "Null": NullType(),
    "list": ListOf(ANY),
    "context": Mapped(),
    "range": RangeOf(None),
    "function": FunctionOf(None),
}
# names that DMN 1.1 and its tools wrote
BUILT_IN |= {
    "any": ANY,
    "dateTime": BUILT_IN["date and time"],
    "date_and_time": BUILT_IN["date and time"],
    "dayTimeDuration": BUILT_IN["days and time duration"],
    "days_and_time_duration": BUILT_IN["days and time duration"],
    "yearMonthDuration": BUILT_IN["years and months duration"],
    "years_and_months_duration": BUILT_IN["years and months duration"],
}


class UnknownTypeError(LookupError):
    """No type has this name."""


class TypeTable(Mapping[str, FeelType]):
    """Looks types up; a Mapping so that FEEL can ask it for the names in `instance of`."""

    def __init__(self, definitions: nodes.Definitions, imported: Mapping[str, TypeTable]) -> None:
        self._definitions = {item.name: item for item in definitions.types}
        self._imported = imported
        self._built: dict[str, TypeFace] = {}
        self.problems: list[Problem] = []
        for item in definitions.types:
            if _has_loop(item, self._definitions):
                self._refuse(item, "type_cycle", N_("Kiểu “%(name)s” dựa vào chính nó; hãy sửa kiểu.", name=item.name))
                self._built[item.name] = ANY
        for item in definitions.types:
            self._check(item)

    def __getitem__(self, name: str) -> FeelType:
        try:
            return self.find(name).feel_type()
        except UnknownTypeError as error:
            raise KeyError(name) from error

    def __iter__(self) -> Iterator[str]:
        yield from self._definitions
        for prefix, table in self._imported.items():
            for name in table:
                yield f"{prefix}.{name}" if prefix else name

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def find(self, name: str) -> TypeFace:
        """Return the type of this name; Raises: UnknownTypeError."""
        if not name:
            return ANY
        if name not in self._built:
            self._built[name] = self._find_new(name)
        return self._built[name]

    def component_names(self) -> frozenset[str]:
        """Return the names of all components, imported ones included: FEEL needs those that hold blanks."""
        own = {name for item in self._definitions.values() for name in _components_of(item)}
        return frozenset(own.union(*(table.component_names() for table in self._imported.values())))

    def allowed_text(self, name: str) -> str:
        """Return the allowed values that stand on a type or on what it is based on; empty when there are none."""
        for _step in range(len(self._definitions) + 1):
            item = self._definitions.get(name)
            if item is None or item.is_collection:
                return ""
            if item.allowed:
                return item.allowed
            name = item.type_ref
        return ""

    def _find_new(self, name: str) -> TypeFace:
        if name in self._definitions:
            return self._build(self._definitions[name])
        if name in BUILT_IN:
            return BUILT_IN[name]
        for prefix, table in sorted(self._imported.items(), key=lambda pair: -len(pair[0])):
            rest = name.removeprefix(f"{prefix}.") if prefix else name
            if (rest != name or not prefix) and rest in table:
                return table.find(rest)
        if "<" in name:
            return self._generic(name)
        raise UnknownTypeError(name)

    def _generic(self, name: str) -> TypeFace:
        head, _, rest = name.partition("<")
        head = head.strip()
        inside, _, output = rest.rpartition(">")
        if head == "function" and "->" in name:
            inside, _, output = _split_function(rest)
            parts = tuple(self.find(part) for part in _split(inside))
            return FunctionOf(parts, self.find(output.strip()))
        if output.strip():
            raise UnknownTypeError(name)
        if head == "list":
            return ListOf(self.find(inside.strip()))
        if head == "range":
            return RangeOf(self.find(inside.strip()))
        if head == "context":
            pairs = [part.partition(":") for part in _split(inside)]
            return Record({key.strip(): self.find(kind.strip()) for key, _, kind in pairs})
        raise UnknownTypeError(name)

    def _build(self, item: nodes.ItemDefinition) -> TypeFace:
        kind = self._base(item)
        if item.is_collection:
            kind = ListOf(self._narrow(kind, item.allowed))
        else:
            kind = self._narrow(kind, item.allowed)
        return self._narrow(kind, item.constraint)

    def _base(self, item: nodes.ItemDefinition) -> TypeFace:
        if item.components:
            return Record({part.name: Lazy(lambda part=part: self._build(part)) for part in item.components})  # type: ignore[misc]  # the default binds the loop's value
        if item.function is not None:
            parameters, output = item.function
            return FunctionOf(tuple(self._named(part.type_ref) for part in parameters), self._named(output))
        return self._named(item.type_ref)

    def _named(self, name: str) -> TypeFace:
        def find() -> TypeFace:
            try:
                return self.find(name)
            except UnknownTypeError:
                return ANY

        return Lazy(find) if name in self._definitions else find()

    def _narrow(self, kind: TypeFace, tests: str) -> TypeFace:
        return Constrained(kind, self._test(tests)) if tests else kind

    def _test(self, text: str) -> Test:
        try:
            tests = compile_unary_tests(text, names=self.component_names(), types=self)
        except FeelError:
            return lambda _value: True
        return lambda value: tests.matches(value, {}) is True

    def _check(self, item: nodes.ItemDefinition) -> None:
        names = [item.type_ref]
        if item.function is not None:
            names += [part.type_ref for part in item.function[0]] + [item.function[1]]
        for name in filter(None, names):
            try:
                self.find(name)
            except UnknownTypeError:
                self._refuse(
                    item, "unknown_type", N_("Không có kiểu “%(name)s”; hãy khai báo kiểu hoặc sửa tên.", name=name)
                )
        for text in filter(None, (item.allowed, item.constraint)):
            try:
                compile_unary_tests(text, names=self.component_names(), types=self)
            except FeelError as error:
                self._refuse(item, "feel", N_("Giá trị cho phép viết sai: %(reason)s", reason=error.reason_vi))
        for part in item.components:
            self._check(part)

    def _refuse(self, item: nodes.ItemDefinition, code: str, message_vi: str) -> None:
        self.problems.append(Problem(item.id, code, message_vi))


def _components_of(item: nodes.ItemDefinition) -> Iterator[str]:
    for part in item.components:
        yield part.name
        yield from _components_of(part)


def _has_loop(item: nodes.ItemDefinition, known: Mapping[str, nodes.ItemDefinition]) -> bool:
    """Tell whether a chain of bases (not of components: those may recur) comes back to itself."""
    seen: set[str] = set()
    current: nodes.ItemDefinition | None = item
    while current is not None:
        if current.name in seen:
            return True
        seen.add(current.name)
        current = known.get(current.type_ref)
    return False


def _split(text: str) -> list[str]:
    """Cut at commas outside of angle brackets."""
    parts, depth, start = [], 0, 0
    for place, mark in enumerate(text):
        if mark == "<":
            depth += 1
        elif mark == ">" and text[place - 1 : place] != "-":
            depth -= 1
        elif mark == "," and depth == 0:
            parts.append(text[start:place].strip())
            start = place + 1
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _split_function(rest: str) -> tuple[str, str, str]:
    """Cut `a, b> -> c` at the bracket that closes the parameters."""
    depth = 1
    for place, mark in enumerate(rest):
        if mark == "<":
            depth += 1
        elif mark == ">" and rest[place - 1 : place] != "-":
            depth -= 1
            if depth == 0:
                return rest[:place], ">", rest[place + 1 :].replace("->", "", 1)
    raise UnknownTypeError(rest)


def names_of(parts: Iterable[nodes.Parameter]) -> tuple[str, ...]:
    return tuple(part.name for part in parts)


def is_typed(kind: TypeFace) -> Any:
    """Tell whether a type asks anything of a value."""
    return not isinstance(kind, AnyType)
