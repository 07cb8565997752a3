"""Functions on lists. Source: OMG DMN 1.5, 10.3.4.4 (list functions) and 10.3.4.9 (sort)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from motcua.process.feel.budget import MAX_STEPS
from motcua.process.feel.numbers import CONTEXT, ONE, ZERO, compute, is_whole
from motcua.process.feel.operators import add, both, divide, either, equal, order
from motcua.process.feel.registry import builtin
from motcua.process.feel.run import Run
from motcua.process.feel.values import MAX_DEPTH, FeelFunction


def spread(name: str, kind: str = "any") -> Callable[[Callable[[list[Any]], Any]], Callable[[list[Any]], Any]]:
    """Register a function that takes one list, or the items one by one."""

    def register(function: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Any]:
        builtin(name, "list: list")(function)
        builtin(name, f"c: {kind}*")(lambda *items: function(list(items)) if items else None)
        return function

    return register


@builtin("list contains", "list: list, element: any")
def _list_contains(items: list[Any], element: Any) -> bool:
    return any(equal(item, element) is True for item in items)


@builtin("count", "list: list")
def _count(items: list[Any]) -> Decimal:
    return Decimal(len(items))


def _extreme(items: list[Any], wanted: int) -> Any:
    if not items:
        return None
    best = items[0]
    if order(best, best) is None:
        return None
    for item in items[1:]:
        found = order(item, best)
        if found is None:
            return None
        if found == wanted:
            best = item
    return best


@spread("min")
def _min(items: list[Any]) -> Any:
    return _extreme(items, -1)


@spread("max")
def _max(items: list[Any]) -> Any:
    return _extreme(items, 1)


def _numbers(items: Sequence[Any]) -> bool:
    return bool(items) and all(isinstance(item, Decimal) for item in items)


@spread("sum")
def _sum(items: list[Any]) -> Any:
    if not _numbers(items):
        return None
    total: Decimal | None = ZERO
    for item in items:
        total = compute(CONTEXT.add, total, item) if total is not None else None
    return total


@spread("mean")
def _mean(items: list[Any]) -> Any:
    total = _sum(items)
    return None if total is None else divide(total, Decimal(len(items)))


@spread("product")
def _product(items: list[Any]) -> Decimal | None:
    if not _numbers(items):
        return None
    result: Decimal | None = ONE
    for item in items:
        result = compute(CONTEXT.multiply, result, item) if result is not None else None
    return result


@spread("median")
def _median(items: list[Any]) -> Decimal | None:
    if not _numbers(items):
        return None
    ordered = sorted(items)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]  # type: ignore[no-any-return]  # numbers all
    return divide(add(ordered[middle - 1], ordered[middle]), Decimal(2))  # type: ignore[no-any-return]  # numbers


@spread("stddev")
def _stddev(items: list[Any]) -> Decimal | None:
    if not _numbers(items) or len(items) < 2:
        return None
    mean = _mean(items)
    squares: Decimal | None = ZERO
    for item in items:
        distance = compute(CONTEXT.subtract, item, mean)
        square = compute(CONTEXT.multiply, distance, distance) if distance is not None else None
        squares = compute(CONTEXT.add, squares, square) if squares is not None and square is not None else None
    return None if squares is None else compute(CONTEXT.sqrt, CONTEXT.divide(squares, Decimal(len(items) - 1)))


@spread("mode")
def _mode(items: list[Any]) -> list[Decimal] | None:
    if not items:
        return []
    if not _numbers(items):
        return None
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values())
    return sorted(item for item, times in counts.items() if times == most)


def _joined(items: list[Any], start: bool, join: Callable[[Any, Any], bool | None]) -> bool | None:
    result: bool | None = start
    for item in items:
        if item is not None and not isinstance(item, bool):
            return None
        result = join(result, item)
    return result


@spread("all")
def _all(items: list[Any]) -> bool | None:
    return _joined(items, True, both)


@spread("any")
def _any(items: list[Any]) -> bool | None:
    return _joined(items, False, either)


@builtin("sublist", "list: list, start position: number, length: number?")
def _sublist(items: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any] | None:
    begin = _index(items, start)
    if begin is None or (length is not None and (not is_whole(length) or length < 1)):
        return None
    if length is None:
        return items[begin:]
    return items[begin : begin + int(length)] if begin + length <= len(items) else None


def _index(items: list[Any], position: Decimal) -> int | None:
    """Return the place from 0 of a position that counts from 1, or from the end when negative."""
    if not is_whole(position) or position == 0 or abs(position) > len(items):
        return None
    return int(position) - 1 if position > 0 else len(items) + int(position)


@builtin("append", "list: list, item: any*")
def _append(items: list[Any], *added: Any) -> list[Any]:
    return [*items, *added]


@builtin("concatenate", "list: list*")
def _concatenate(*lists: list[Any]) -> list[Any]:
    return [item for each in lists for item in each]


@builtin("insert before", "list: list, position: number, newItem: any")
def _insert_before(items: list[Any], position: Decimal, new_item: Any) -> list[Any] | None:
    index = _index(items, position)
    return None if index is None else [*items[:index], new_item, *items[index:]]


@builtin("remove", "list: list, position: number")
def _remove(items: list[Any], position: Decimal) -> list[Any] | None:
    index = _index(items, position)
    return None if index is None else [*items[:index], *items[index + 1 :]]


@builtin("list replace", "list: list, position: number, newItem: any")
def _list_replace(items: list[Any], position: Decimal, new_item: Any) -> list[Any] | None:
    index = _index(items, position)
    return None if index is None else [*items[:index], new_item, *items[index + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any", needs_run=True)
def _list_replace_where(run: Run, items: list[Any], match: FeelFunction, new_item: Any) -> list[Any] | None:
    replaced: list[Any] = []
    for item in items:
        run.charge(1)
        found = _call(run, match, [item, new_item])
        if not isinstance(found, bool):
            return None
        replaced.append(new_item if found else item)
    return replaced


def _call(run: Run, function: FeelFunction, arguments: list[Any]) -> Any:
    from motcua.process.feel.compile_parts import invoke  # the compiler imports this library

    return invoke(function, run, arguments)


@builtin("reverse", "list: list")
def _reverse(items: list[Any]) -> list[Any]:
    return items[::-1]


@builtin("index of", "list: list, match: any")
def _index_of(items: list[Any], match: Any) -> list[Decimal]:
    return [Decimal(place) for place, item in enumerate(items, 1) if equal(item, match) is True]


@builtin("union", "list: list*", needs_run=True)
def _union(run: Run, *lists: list[Any]) -> list[Any]:
    return _distinct(run, [item for each in lists for item in each])


@builtin("distinct values", "list: list", needs_run=True)
def _distinct(run: Run, items: list[Any]) -> list[Any]:
    kept: list[Any] = []
    seen: set[Any] = set()
    for item in items:
        if item is None or isinstance(item, (bool, str, Decimal)):
            key = (type(item), item)
            if key not in seen:
                seen.add(key)
                kept.append(item)
            continue
        run.charge(len(kept))
        if not any(equal(item, other) is True for other in kept):
            kept.append(item)
    return kept


@builtin("flatten", "list: list", needs_run=True)
def _flatten(run: Run, items: list[Any]) -> list[Any]:
    flat: list[Any] = []
    waiting = [iter(items)]
    while waiting:
        run.charge(1)
        item = next(waiting[-1], flat)
        if item is flat:
            waiting.pop()
        elif isinstance(item, list):
            if len(waiting) > MAX_DEPTH:
                run.charge(MAX_STEPS)
            waiting.append(iter(item))
        else:
            flat.append(item)
    return flat


@builtin("sort", "list: list, precedes: function", needs_run=True)
def _sort(run: Run, items: list[Any], precedes: FeelFunction) -> list[Any]:
    def compare(first: Any, second: Any) -> int:
        if _call(run, precedes, [first, second]) is True:
            return -1
        return 1 if _call(run, precedes, [second, first]) is True else 0

    return sorted(items, key=cmp_to_key(compare))
