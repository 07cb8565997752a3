"""Queries that are compiled once a process: for those that every page asks again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from psycopg.types.numeric import Int8

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class _Plan:
    """The text; its values, or which of the given ones (by number) stands there; how a row becomes an object."""

    text: str
    places: tuple[tuple[int | None, Any], ...]
    table: type[Model]
    names: tuple[str, ...]
    start: int
    annotations: tuple[tuple[str, int], ...]
    converters: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]


class PreparedQuery(Generic[Row]):
    """A query of the ORM with places to fill. Compiling it costs more than running it, so that is done once.

    `make` builds it with a mark in each place: a value that nothing else in the query equals. It reads the objects of
    one table with their annotations; related objects are not followed.
    """

    def __init__(self, make: Callable[[], QuerySet[Row]], *marks: object) -> None:
        self._make, self._marks = make, marks

    def read(self, *values: Any) -> list[Any]:
        """Run it with these values in the places of the marks; return the objects, with their annotations."""
        if len(values) != len(self._marks):
            raise ValueError(f"the query has {len(self._marks)} places, not {len(values)} values")
        plan = self._plan
        given = [Int8(value) if type(value) is int else value for value in values]  # one plan of the server, not three
        with connection.cursor() as cursor:
            cursor.execute(plan.text, [value if place is None else given[place] for place, value in plan.places])
            return [_to_object(plan, list(row)) for row in cursor.fetchall()]

    @cached_property
    def _plan(self) -> _Plan:
        compiler = self._make().query.get_compiler(connection=connection)
        text, values = compiler.as_sql()
        info = compiler.klass_info
        assert info is not None and not info.get("related_klass_infos")  # objects of one table
        chosen = info["select_fields"]
        assert chosen == list(range(chosen[0], chosen[-1] + 1))  # their columns stand together
        converters = compiler.get_converters([column for column, _text, _alias in compiler.select])
        return _Plan(
            text=text,
            places=tuple(self._find_place(value) for value in values),
            table=info["model"],
            names=tuple(compiler.select[number][0].target.attname for number in chosen),
            start=chosen[0],
            annotations=tuple(compiler.annotation_col_map.items()),
            converters=tuple((at, tuple(calls), what) for at, (calls, what) in converters.items()),
        )

    def _find_place(self, value: Any) -> tuple[int | None, Any]:
        for number, mark in enumerate(self._marks):
            if isinstance(value, type(mark)) and value == mark:
                return number, None
        return None, value


def _to_object(plan: _Plan, row: list[Any]) -> Model:
    for at, calls, what in plan.converters:
        for call in calls:
            row[at] = call(row[at], what, connection)
    found = plan.table.from_db(connection.alias, plan.names, row[plan.start : plan.start + len(plan.names)])
    for name, at in plan.annotations:
        setattr(found, name, row[at])
    return found
