"""The steps' shares against the statutory term, and the stages that stop and start the clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from motcua.designer.rules.reading import PROCEDURE, PROCESS, Package, error, warning
from motcua.designer.types import Finding
from motcua.kernel.messages import N_, N_count, join
from motcua.process.types import Element, ProcessDefinition

WORKDAY = 480
_UNITS = ("workday", "work_hour", "calendar_day", "month")
APPLICANT_MESSAGES = frozenset({"supplement_received"})


@dataclass(frozen=True, slots=True)
class Longest:
    """The way through the process whose steps take the longest by their shares."""

    minutes: int
    steps: tuple[Element, ...]


def check_time(package: Package) -> Iterator[Finding]:
    """Yield steps without a share, ways longer (or shorter) than the term, and clocks that never go on."""
    definition = package.definition
    if definition is None:
        return
    yield from _check_shares(package.table("term"), definition)
    yield from _check_waiting(definition)


def share_of(element: Element) -> int:
    """Return the share of a step. Unit: minutes, 480 to the working day."""
    if element.share_minutes is not None:
        return element.share_minutes
    return (element.share_workdays or 0) * WORKDAY


def term_minutes(term: Mapping[str, Any]) -> int | None:
    """Return the term on the scale of the shares; None when it is not stated or not in working time."""
    amount, unit = term.get("amount"), term.get("unit", "workday")
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 1:
        return None
    return {"workday": amount * WORKDAY, "work_hour": amount * 60}.get(str(unit))


def find_longest(definition: ProcessDefinition, parent: str = "") -> Longest:
    """Return the longest way by shares; branches side by side count once, a loop back counts once."""
    order = _order_back(definition, parent)
    best: dict[str, tuple[int, str]] = {}
    for element_id in order:  # ends first
        element = definition.by_id[element_id]
        following = [target for target in _following(definition, element) if target in best]
        ahead = max(following, key=lambda target: best[target][0], default="")
        own = find_longest(definition, element.id).minutes if element.kind == "subprocess" else share_of(element)
        best[element_id] = (own + (best[ahead][0] if ahead else 0), ahead)
    starts = [element.id for element in definition.starts_of.get(parent, ()) if element.id in best]
    current = max(starts, key=lambda start: best[start][0], default="")
    minutes = best[current][0] if current else 0
    steps: list[Element] = []
    while current:
        steps.append(definition.by_id[current])
        current = best[current][1]
    return Longest(minutes, tuple(step for step in steps if share_of(step) or step.kind == "subprocess"))


def _following(definition: ProcessDefinition, element: Element) -> list[str]:
    targets = [flow.target for flow in definition.outgoing.get(element.id, ())]
    targets += [event.id for event in definition.boundaries.get(element.id, ()) if event.interrupting]
    link = definition.links.get((element.parent, element.link)) if element.event == "link" else None
    return [*targets, link.id] if link is not None and link.id != element.id else targets


def _order_back(definition: ProcessDefinition, parent: str) -> list[str]:
    """Return the elements of a scope, each after all that it leads to, arrows back left out."""
    seen, done = set[str](), list[str]()
    for start in definition.starts_of.get(parent, ()):
        stack = [(start.id, iter(_following(definition, start)))]
        seen.add(start.id)
        while stack:
            current, targets = stack[-1]
            fresh = next((target for target in targets if target not in seen), None)
            if fresh is None:
                done.append(current)
                stack.pop()
            else:
                seen.add(fresh)
                stack.append((fresh, iter(_following(definition, definition.by_id[fresh]))))
    return done


def _check_shares(term: Mapping[str, Any], definition: ProcessDefinition) -> Iterator[Finding]:
    tasks = [element for element in definition.of_kind("user") if not element.stage.startswith("waiting_")]
    for element in tasks:
        if element.share_minutes is None and element.share_workdays is None:
            message = N_(
                "Bước “%(name)s” chưa được chia thời hạn. Hãy ghi share_minutes (480 là một ngày làm việc).",
                name=element.name or element.id,
            )
            yield error(PROCESS, element.id, "share_missing", message)
    longest, amount = find_longest(definition), term.get("amount")
    if not longest.steps or not isinstance(amount, int):
        return
    limit = term_minutes(term)
    text = say_amount(str(amount), str(term.get("unit", "workday")))
    if limit is not None and longest.minutes != limit:
        yield _wrong_sum(longest, limit, text)
    elif limit is None:
        days = amount * (31 if term.get("unit") == "month" else 1)
        if longest.minutes > days * WORKDAY:
            yield _wrong_sum(longest, days * WORKDAY, text)
        elif longest.minutes > days * 5 // 7 * WORKDAY:
            message = N_(
                "Các bước cộng lại %(sum)s, mà %(term)s thường chỉ có khoảng %(usual)s ngày làm "
                "việc. Hãy rút ngắn bước.",
                sum=say_minutes(longest.minutes),
                term=text,
                usual=days * 5 // 7,
            )
            yield warning(PROCESS, longest.steps[-1].id, "shares_tight", message)


def _wrong_sum(longest: Longest, limit: int, term: str) -> Finding:
    steps = join(
        (join((f"“{step.name or step.id}”", say_minutes(share_of(step))), separator=" ") for step in longest.steps),
        separator=", ",
    )
    if longest.minutes > limit:
        total, at = 0, longest.steps[-1]
        for step in longest.steps:
            total += share_of(step)
            if total > limit:
                at = step
                break
        message = N_(
            "Các bước cộng lại %(sum)s, dài hơn thời hạn luật định %(term)s; từ bước “%(name)s” là quá hạn. "
            "Hãy giảm phần của một bước: %(steps)s.",
            sum=say_minutes(longest.minutes),
            term=term,
            name=at.name or at.id,
            steps=steps,
        )
        return error(PROCESS, at.id, "shares_exceed_term", message)
    widest = max(longest.steps, key=share_of)
    message = N_(
        "Các bước cộng lại mới được %(sum)s, thời hạn luật định là %(term)s: còn %(rest)s chưa giao cho bước nào. "
        "Hãy cộng vào một bước, ví dụ “%(name)s”: %(steps)s.",
        sum=say_minutes(longest.minutes),
        term=term,
        rest=say_minutes(limit - longest.minutes),
        name=widest.name or widest.id,
        steps=steps,
    )
    return error(PROCESS, widest.id, "shares_below_term", message)


def say_amount(amount: str, unit: str) -> str:
    """Say a term with its unit."""
    number = int(amount) if amount.isdecimal() else 0  # what is not a number yet is said as many
    if unit == "workday":
        return N_count("%(amount)s ngày làm việc", number, amount=amount)
    if unit == "work_hour":
        return N_count("%(amount)s giờ làm việc", number, amount=amount)
    if unit == "calendar_day":
        return N_count("%(amount)s ngày", number, amount=amount)
    if unit == "month":
        return N_count("%(amount)s tháng", number, amount=amount)
    return f"{amount} {unit}"


def say_minutes(minutes: int) -> str:
    """Say a share in days, hours and minutes of work: "2 ngày 4 giờ"."""
    days, rest = divmod(minutes, WORKDAY)
    hours, left = divmod(rest, 60)
    parts = (
        N_count("%(amount)s ngày", days, amount=days) if days else "",
        N_count("%(amount)s giờ", hours, amount=hours) if hours else "",
        N_count("%(amount)s phút", left, amount=left) if left or not minutes else "",
    )
    return join((part for part in parts if part), separator=" ")


def _check_waiting(definition: ProcessDefinition) -> Iterator[Finding]:
    """A stage that pauses the clock is entered where the applicant is waited for, and left before work goes on.

    Source: Decree 61/2018/NĐ-CP, Art. 19(4); in force 2018-06-21.
    """
    for element in definition.elements:
        if element.stage.startswith("waiting_"):
            yield from _check_left(definition, element)
        if element.message in APPLICANT_MESSAGES and element.kind in ("catch_message", "receive"):
            gates = [definition.by_id[flow.source] for flow in definition.incoming.get(element.id, ())]
            before = [element, *(gate for gate in gates if gate.kind == "event_gateway")]
            if not any(each.stage.startswith("waiting_") for each in before):
                message = N_(
                    "“%(name)s” chờ người nộp bổ sung nhưng thời hạn của cơ quan vẫn chạy. "
                    "Hãy ghi stage = waiting_applicant ở chỗ chờ.",
                    name=element.name or element.id,
                )
                yield error(PROCESS, before[-1].id, "clock_not_paused", message)


def _check_left(definition: ProcessDefinition, waiting: Element) -> Iterator[Finding]:
    todo, seen = _onwards(definition, waiting), {waiting.id}
    while todo:
        element = definition.by_id[todo.pop()]
        if element.id in seen or element.stage and element.stage != waiting.stage:
            continue
        seen.add(element.id)
        if element.kind == "user" and not element.stage:
            message = N_(
                "Sau “%(waiting)s” hồ sơ tới bước “%(name)s” mà vẫn ở giai đoạn tạm dừng, nên thời hạn không chạy lại. "
                "Hãy ghi stage cho bước này (ví dụ in_progress).",
                waiting=waiting.name or waiting.id,
                name=element.name or element.id,
            )
            yield error(PROCESS, element.id, "clock_not_resumed", message)
            continue
        todo += _onwards(definition, element)


def _onwards(definition: ProcessDefinition, element: Element) -> list[str]:
    """Return what comes next, into a sub-process and out of one as well."""
    targets = _following(definition, element)
    targets += [start.id for start in definition.starts_of.get(element.id, ())]
    if element.kind == "end" and element.parent and not element.terminates and element.event != "error":
        targets += _following(definition, definition.by_id[element.parent])
    return targets


def check_term(package: Package) -> Iterator[Finding]:
    """Yield what is missing of the term itself."""
    term = package.table("term")
    amount = term.get("amount")
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 1:
        message = N_("Chưa ghi thời hạn giải quyết. Hãy ghi số ngày trong [term].")
        yield error(PROCEDURE, "term", "term_missing", message)
    elif term.get("unit", "workday") not in _UNITS:
        message = N_("Đơn vị thời hạn không đúng. Hãy dùng: %(units)s.", units=", ".join(_UNITS))
        yield error(PROCEDURE, "term", "term_unit", message)
    elif not str(term.get("legal_ref", "")).strip():
        message = N_("Thời hạn chưa ghi điều luật quy định. Hãy ghi legal_ref trong [term].")
        yield warning(PROCEDURE, "term", "term_without_law", message)
