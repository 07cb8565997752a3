"""Types of a model: does a value belong to one, and what does an implicit conversion make of it?

Source: OMG DMN 1.5, 7.3.2 (item definitions), 10.3.2.9 (types), 10.3.2.9.4 (type conversions).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from motcua.process.feel.temporal import FeelDate
from motcua.process.feel.temporal_math import as_date_time
from motcua.process.feel.types import FeelType
from motcua.process.feel.values import FeelFunction, Range

MAX_DEPTH = 8  # of a type described to FEEL: deeper components may be anything

Test = Callable[[Any], bool]


class _Misfit:
    """The mark of a value that does not belong."""


MISFIT = _Misfit()


class TypeFace:
    """What FEEL and the compiler ask of a type."""

    def fit(self, value: Any, *, convert: bool) -> Any:
        raise NotImplementedError

    def allows_null(self) -> bool:
        return True

    def feel_type(self, depth: int = 0) -> FeelType:
        """Describe the type to FEEL, without its constraints."""
        return FeelType("Any")

    def conforms(self, value: Any) -> bool:
        """Tell whether the value belongs to the type as it is."""
        return value is not None and self.fit(value, convert=False) is not MISFIT

    def coerce(self, value: Any) -> Any:
        """Return the value after implicit conversions; null when it does not belong."""
        if value is None:
            return None
        fitted = self.fit(value, convert=True)
        return None if fitted is MISFIT else fitted


@dataclass(frozen=True, slots=True)
class AnyType(TypeFace):
    def fit(self, value: Any, *, convert: bool) -> Any:
        return value


@dataclass(frozen=True, slots=True)
class Plain(TypeFace):
    """A built-in type that one Python class stands for."""

    name: str
    kind: type

    def feel_type(self, depth: int = 0) -> FeelType:
        return FeelType(self.name)

    def fit(self, value: Any, *, convert: bool) -> Any:
        if type(value) is self.kind or value is None:
            return value
        if not convert:
            return MISFIT
        if isinstance(value, list) and len(value) == 1 and type(value[0]) is self.kind:
            return value[0]
        if self.name == "date and time":
            single = value[0] if isinstance(value, list) and len(value) == 1 else value
            if type(single) is FeelDate:
                return as_date_time(single)
        return MISFIT


@dataclass(frozen=True, slots=True)
class Mapped(TypeFace):
    """Any context."""

    def feel_type(self, depth: int = 0) -> FeelType:
        return FeelType("context", fields={})

    def fit(self, value: Any, *, convert: bool) -> Any:
        if value is None or isinstance(value, Mapping):
            return value
        if convert and isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping):
            return value[0]
        return MISFIT


@dataclass(frozen=True, slots=True)
class NullType(TypeFace):
    def feel_type(self, depth: int = 0) -> FeelType:
        return FeelType("Null")

    def fit(self, value: Any, *, convert: bool) -> Any:
        return None if value is None else MISFIT


@dataclass(frozen=True, slots=True)
class ListOf(TypeFace):
    inner: TypeFace

    def feel_type(self, depth: int = 0) -> FeelType:
        return FeelType("list", element=_describe(self.inner, depth))

    def fit(self, value: Any, *, convert: bool) -> Any:
        if value is None:
            return None
        if isinstance(value, list):
            return _fit_all(self.inner, value, convert=convert)
        if not convert:
            return MISFIT
        single = self.inner.fit(value, convert=True)
        return MISFIT if single is MISFIT else [single]


@dataclass(frozen=True, slots=True)
class RangeOf(TypeFace):
    inner: TypeFace | None

    def feel_type(self, depth: int = 0) -> FeelType:
        return FeelType("range", element=None if self.inner is None else _describe(self.inner, depth))

    def fit(self, value: Any, *, convert: bool) -> Any:
        if value is None:
            return None
        if convert and isinstance(value, list) and len(value) == 1:
            return self.fit(value[0], convert=False)
        if not isinstance(value, Range):
            return MISFIT
        ends = [end for end in (value.start, value.end) if end is not None]
        if self.inner is not None and any(self.inner.fit(end, convert=False) is MISFIT for end in ends):
            return MISFIT
        return value


@dataclass(frozen=True, slots=True)
class Record(TypeFace):
    """A context with named components; more entries than these are welcome, fewer are not."""

    components: Mapping[str, TypeFace]

    def feel_type(self, depth: int = 0) -> FeelType:
        return FeelType("context", fields={name: _describe(kind, depth) for name, kind in self.components.items()})

    def fit(self, value: Any, *, convert: bool) -> Any:
        if value is None:
            return None
        if convert and isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, Mapping):
            return MISFIT
        fitted = dict(value)
        for name, kind in self.components.items():
            if name not in value:
                return MISFIT
            item = _fit_inside(kind, value[name], convert=convert)
            if item is MISFIT:
                return MISFIT
            fitted[name] = item
        return fitted


@dataclass(frozen=True, slots=True)
class FunctionOf(TypeFace):
    parameters: tuple[TypeFace, ...] | None
    output: TypeFace | None = None

    def output_type(self) -> TypeFace:
        """Return the type of the results."""
        return AnyType() if self.output is None else self.output

    def feel_type(self, depth: int = 0) -> FeelType:
        if self.parameters is None:
            return FeelType("function")
        parameters = tuple(_describe(kind, depth) for kind in self.parameters)
        return FeelType("function", parameters=parameters, result=_describe(self.output_type(), depth))

    def fit(self, value: Any, *, convert: bool) -> Any:
        if value is None:
            return None
        if convert and isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, FeelFunction):
            return MISFIT
        wanted = self.parameters
        has = getattr(value, "parameters", None)
        return MISFIT if wanted is not None and has is not None and len(has) != len(wanted) else value


@dataclass(frozen=True, slots=True)
class Constrained(TypeFace):
    """A type narrowed by unary tests."""

    inner: TypeFace
    test: Test

    def feel_type(self, depth: int = 0) -> FeelType:
        return self.inner.feel_type(depth)

    def fit(self, value: Any, *, convert: bool) -> Any:
        fitted = self.inner.fit(value, convert=convert)
        if fitted is MISFIT or fitted is None:
            return fitted
        return fitted if self.test(fitted) else MISFIT

    def allows_null(self) -> bool:
        return self.inner.allows_null() and self.test(None)


class Lazy(TypeFace):
    """A type named before it is known, so that components may refer to their own owner."""

    __slots__ = ("_find", "_found")

    def __init__(self, find: Callable[[], TypeFace]) -> None:
        self._find = find
        self._found: TypeFace | None = None

    def resolve(self) -> TypeFace:
        if self._found is None:
            self._found = self._find()
        return self._found

    def feel_type(self, depth: int = 0) -> FeelType:
        return self.resolve().feel_type(depth)

    def fit(self, value: Any, *, convert: bool) -> Any:
        return self.resolve().fit(value, convert=convert)

    def allows_null(self) -> bool:
        return self.resolve().allows_null()


def _fit_inside(kind: TypeFace, value: Any, *, convert: bool) -> Any:
    if value is None:
        return None if kind.allows_null() else MISFIT
    return kind.fit(value, convert=convert)


def _fit_all(kind: TypeFace, values: Sequence[Any], *, convert: bool) -> Any:
    fitted = [_fit_inside(kind, value, convert=convert) for value in values]
    return MISFIT if any(item is MISFIT for item in fitted) else fitted


def _describe(kind: TypeFace, depth: int) -> FeelType:
    return FeelType("Any") if depth >= MAX_DEPTH else kind.feel_type(depth + 1)
