"""What changed in the process: steps, who does them, their shares, where they lead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from motcua.designer.rules.diff.rows import Row, changed_rows
from motcua.designer.rules.reading import Package
from motcua.designer.rules.time_checks import say_minutes, share_of
from motcua.designer.types import Change
from motcua.kernel.messages import N_
from motcua.process.soundness.literals import text_of
from motcua.process.types import Element, Flow, Loop, ProcessDefinition, TimerSpec

_KINDS = {
    "start": "Bắt đầu", "end": "Kết thúc", "user": "Bước", "service": "Việc của máy", "script": "Phép tính",
    "decision": "Bảng quyết định", "send": "Gửi tin", "manual": "Việc ngoài hệ thống", "receive": "Chờ tin",
    "exclusive": "Cổng chọn một", "inclusive": "Cổng chọn nhiều", "parallel": "Cổng song song",
    "event_gateway": "Cổng chờ sự kiện", "throw": "Mốc", "subprocess": "Quy trình con", "call": "Gọi quy trình",
    "event_subprocess": "Quy trình con theo sự kiện",
}  # fmt: skip


def diff_process(before: Package, after: Package) -> Iterator[Change]:
    """Yield the steps added, taken away, renamed, given to others, re-shared; then the arrows."""
    old, new = before.definition, after.definition
    if old is None or new is None:
        return
    if (old.key, old.name) != (new.key, new.name):
        yield Change("process", N_("Tên quy trình"), f"{old.name} ({old.key})", f"{new.name} ({new.key})")
    same = _pair(old, new)
    yield from _steps(old, new, same)
    yield from changed_rows("process", _arrows(old, same), _arrows(new, {}))


def _pair(old: ProcessDefinition, new: ProcessDefinition) -> dict[str, str]:
    """Pair elements whose ids differ but whose kind and name are the same and unique: a tool numbered them anew."""
    gone = [element for element in old.elements if element.id not in new.by_id]
    fresh = [element for element in new.elements if element.id not in old.by_id]
    pairs: dict[str, str] = {}
    for element in gone:
        alike = [each for each in fresh if (each.kind, each.name, each.parent) == _identity(element)]
        twins = [each for each in gone if _identity(each) == _identity(element)]
        if element.name and len(alike) == len(twins) == 1:
            pairs[element.id] = alike[0].id
    return pairs


def _identity(element: Element) -> tuple[str, str, str]:
    return element.kind, element.name, element.parent


def _steps(old: ProcessDefinition, new: ProcessDefinition, same: Mapping[str, str]) -> Iterator[Change]:
    kept = set(same.values())
    for element in old.elements:
        other = new.by_id.get(same.get(element.id, element.id))
        if other is None:
            yield Change("process", _heading(element), _describe(element, old), "", element.id)
            continue
        for aspect, say in _ASPECTS.items():
            before, after = say(element), say(other)
            if before != after:
                yield Change("process", f"{_heading(other)}: {aspect}", before, after, other.id)
    for element in new.elements:
        if element.id not in old.by_id and element.id not in kept:
            yield Change("process", _heading(element), "", _describe(element, new), element.id)


def _heading(element: Element) -> str:
    kind = _KINDS.get(element.kind, "Sự kiện")
    return f"{kind} “{element.name or element.id}”"


def _describe(element: Element, definition: ProcessDefinition) -> str:
    parts = [f"{aspect}: {text}" for aspect, say in _ASPECTS.items() if aspect != "tên" and (text := say(element))]
    host = definition.by_id.get(element.attached_to)
    if host is not None:
        parts.insert(0, N_("gắn trên “%(host)s”", host=host.name or host.id))
    return "; ".join(parts) or N_("có")


def _say_timer(timer: TimerSpec | None) -> str:
    if timer is None:
        return ""
    text = text_of(timer.expression) if timer.expression is not None else timer.value
    return f"{text} ({'ngày làm việc' if timer.counts == 'workday' else 'ngày thường'})"


def _say_loop(loop: Loop | None) -> str:
    if loop is None:
        return ""
    parts = [{"parallel": "nhiều lần cùng lúc", "sequential": "nhiều lần lần lượt", "standard": "lặp lại"}[loop.form]]
    for each in (loop.cardinality, loop.collection, loop.condition):
        parts += [text_of(each)] if each is not None else []
    return ", ".join(parts)


def _say_lines(element: Element) -> str:
    lines = [f"{line.target} := {text_of(line.source)}" for line in (*element.inputs, *element.outputs)]
    if element.script is not None:
        lines.append(f"{element.script.target} := {text_of(element.script.source)}")
    return "; ".join(lines)


def _say_event(element: Element) -> str:
    names = (element.message, element.signal, element.code, element.link)
    text = ", ".join(name for name in names if name)
    if element.condition is not None:
        text = ", ".join(part for part in (text, text_of(element.condition)) if part)
    return text


def _say_properties(element: Element) -> str:
    known = {"outcomes", "stage", "outcome", "share_minutes", "share_workdays", "counts"}
    return "; ".join(f"{key} = {value}" for key, value in sorted(element.properties.items()) if key not in known)


_ASPECTS: dict[str, Callable[[Element], str]] = {
    "loại": lambda element: _KINDS.get(element.kind, element.kind) + (f" ({element.event})" if element.event else ""),
    "tên": lambda element: element.name,
    "người làm": lambda element: element.role,
    "thời hạn": lambda element: say_minutes(share_of(element)) if share_of(element) else "",
    "màn hình": lambda element: element.screen,
    "lựa chọn": lambda element: ", ".join(element.outcomes),
    "giai đoạn": lambda element: element.stage,
    "kết quả": lambda element: element.outcome,
    "hẹn giờ": lambda element: _say_timer(element.timer),
    "tin, tín hiệu, mã lỗi": _say_event,
    "việc của máy": lambda element: element.topic,
    "bảng quyết định": lambda element: element.decision,
    "quy trình gọi": lambda element: element.called,
    "làm nhiều lần": lambda element: _say_loop(element.loop),
    "biến": _say_lines,
    "ngắt việc": lambda element: ("có" if element.interrupting else "không") if element.attached_to else "",
    "hủy mọi việc": lambda element: "có" if element.terminates else "",
    "nằm trong": lambda element: element.parent,
    "gắn trên": lambda element: element.attached_to,
    "thông tin khác": _say_properties,
}


def _arrows(definition: ProcessDefinition, same: Mapping[str, str]) -> dict[object, Row]:
    """Return the arrows by where they start and end, with the condition under which they are taken."""
    found: dict[object, Row] = {}
    for flow in definition.flows:
        ends = tuple(same.get(end, end) for end in (flow.source, flow.target))
        key: tuple[str, ...] = ends
        number = 1
        while key in found:
            number += 1
            key = (*ends, str(number))
        found[key] = Row(_say_ends(flow, definition), _say_condition(flow, definition), flow.id)
    return found


def _say_ends(flow: Flow, definition: ProcessDefinition) -> str:
    names = []
    for end in (flow.source, flow.target):
        element = definition.by_id.get(end)
        names.append(f"“{element.name or element.id}”" if element is not None else end)
    return N_("Đường đi %(source)s → %(target)s", source=names[0], target=names[1])


def _say_condition(flow: Flow, definition: ProcessDefinition) -> str:
    source = definition.by_id.get(flow.source)
    parts = [flow.name] if flow.name else []
    if flow.condition is not None:
        parts.append(N_("khi %(condition)s", condition=text_of(flow.condition)))
    if source is not None and source.default_flow == flow.id:
        parts.append(N_("nhánh mặc định"))
    return "; ".join(parts) or N_("luôn đi")
