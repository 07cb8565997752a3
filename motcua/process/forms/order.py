"""In which order answers are worked out: each after what it hangs on. A computed value in a circle is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from motcua.kernel.messages import N_
from motcua.process.feel import Expression
from motcua.process.forms.crossing import is_about
from motcua.process.forms.reading import Reading
from motcua.process.forms.types import Field, Path

ROW_NAMES = frozenset({"this", "parent", "i"})


def check_paths(fields: Sequence[Field], reading: Reading) -> None:
    """Report keys used twice, and keys that stand where another answer's group must be."""
    seen: set[Path] = set()
    for item in fields:
        if item.key and item.path in seen:
            reading.report(item.key, "key_twice", N_("khóa dùng hai lần; hãy đặt khóa riêng cho mỗi câu hỏi."))
        seen.add(item.path)
    for item in fields:
        if any(item.path[:length] in seen for length in range(1, len(item.path))):
            reading.report(item.key, "key_twice", N_("khóa của nhóm trùng khóa của một câu hỏi; hãy đặt khóa riêng."))


def sort_by_need(fields: Sequence[Field], reading: Reading) -> tuple[Field, ...]:
    """Return the fields so that each comes after those it hangs on; report computed values in a circle."""
    settled = [_sort_rows(item, reading) for item in fields]
    by_name: dict[str, list[int]] = {}
    for place, item in enumerate(settled):
        by_name.setdefault(item.path[0], []).append(place)
    needs = [
        sorted(
            other for path in _paths_of(item) for other in by_name.get(path[0], ()) if is_about(path, settled[other])
        )
        for item in settled
    ]
    return tuple(settled[place] for place in _visit(settled, needs, reading))


def _visit(fields: Sequence[Field], needs: Sequence[Sequence[int]], reading: Reading) -> list[int]:
    """Walk depth first without recursion; an edge back closes a circle."""
    done: list[int] = []
    state = [0] * len(fields)  # 0 not seen, 1 being walked, 2 done
    for first in range(len(fields)):
        if state[first]:
            continue
        state[first] = 1
        stack = [(first, iter(needs[first]))]
        while stack:
            place, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                state[place] = 2
                done.append(place)
                stack.pop()
            elif state[following] == 0:
                state[following] = 1
                stack.append((following, iter(needs[following])))
            elif state[following] == 1:
                places = [item for item, _ in stack]
                circle = [fields[item] for item in places[places.index(following) :]]
                if any(_computes(item) for item in circle):
                    keys = " → ".join(item.key for item in circle[:6])
                    text = N_("giá trị tính phụ thuộc vòng tròn (%(keys)s); hãy bỏ một chỗ phụ thuộc.", keys=keys)
                    reading.report(circle[0].key, "computed_cycle", text)
                    return list(range(len(fields)))
    return done


def _computes(item: Field) -> bool:
    return item.expression is not None or any(_computes(inner) for inner in item.fields)


def _sort_rows(item: Field, reading: Reading) -> Field:
    if item.type != "dynamiclist":
        return item
    order = sort_by_need(item.order, reading)
    sorted_rows = {field.key: field for field in order}
    fields = tuple(sorted_rows[field.key] if field.has_value else field for field in item.fields)
    return replace(item, fields=fields, order=order)


def _paths_of(item: Field) -> Iterable[Path]:
    """Yield what decides whether and with what value the question counts; of a list also what its rows read outside."""
    for expression in _deciding(item):
        for path in expression.paths:
            yield path[1:] if path[0] == "this" and len(path) > 1 else path
    for inner in item.order:
        for path in _paths_of(inner):
            if path[0] == "parent" and len(path) > 1:
                yield path[1:]
            elif path[0] not in ROW_NAMES:
                yield path


def _deciding(item: Field) -> Iterable[Expression]:
    yield from item.hidden_when
    if item.expression is not None:
        yield item.expression
    if item.readonly_when is not None:
        yield item.readonly_when
