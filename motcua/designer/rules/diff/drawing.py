"""What changed in the process: steps, who does them, their shares, where they lead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from motcua.designer.rules.diff.rows import Row, changed_rows
from motcua.designer.rules.names import name_choice, name_role, name_screen
from motcua.designer.rules.reading import Package
from motcua.designer.rules.time_checks import say_minutes, share_of
from motcua.designer.types import Change
from motcua.kernel.messages import N_, join
from motcua.process.soundness.literals import text_of
from motcua.process.types import Element, Flow, Loop, ProcessDefinition, TimerSpec

_KINDS = {
    "start": N_("Bắt đầu"),
    "end": N_("Kết thúc"),
    "user": N_("Bước"),
    "service": N_("Việc của máy"),
    "script": N_("Phép tính"),
    "decision": N_("Bảng quyết định"),
    "send": N_("Gửi tin"),
    "manual": N_("Việc ngoài hệ thống"),
    "receive": N_("Chờ tin"),
    "exclusive": N_("Cổng chọn một"),
    "inclusive": N_("Cổng chọn nhiều"),
    "parallel": N_("Cổng song song"),
    "event_gateway": N_("Cổng chờ sự kiện"),
    "throw": N_("Mốc"),
    "subprocess": N_("Quy trình con"),
    "call": N_("Gọi quy trình"),
    "event_subprocess": N_("Quy trình con theo sự kiện"),
}


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
                yield Change("process", join((_heading(other), aspect), separator=": "), before, after, other.id)
    for element in new.elements:
        if element.id not in old.by_id and element.id not in kept:
            yield Change("process", _heading(element), "", _describe(element, new), element.id)


def _heading(element: Element) -> str:
    kind = _KINDS.get(element.kind, N_("Sự kiện"))
    return join((kind, f"“{element.name or element.id}”"), separator=" ")


def _describe(element: Element, definition: ProcessDefinition) -> str:
    said = ((aspect, say(element)) for aspect, say in _ASPECTS.items() if aspect != "tên")
    parts = [join((aspect, text), separator=": ") for aspect, text in said if text]
    host = definition.by_id.get(element.attached_to)
    if host is not None:
        parts.insert(0, N_("gắn trên “%(host)s”", host=host.name or host.id))
    return join(parts) or N_("có")


def _say_timer(timer: TimerSpec | None) -> str:
    if timer is None:
        return ""
    text = text_of(timer.expression) if timer.expression is not None else timer.value
    counted = N_("ngày làm việc") if timer.counts == "workday" else N_("ngày thường")
    return N_("%(text)s (%(note)s)", text=text, note=counted)


def _say_loop(loop: Loop | None) -> str:
    if loop is None:
        return ""
    forms = {
        "parallel": N_("nhiều lần cùng lúc"),
        "sequential": N_("nhiều lần lần lượt"),
        "standard": N_("lặp lại"),
    }
    parts: list[str] = [forms[loop.form]]
    for each in (loop.cardinality, loop.collection, loop.condition):
        parts += [text_of(each)] if each is not None else []
    return join(parts, separator=", ")


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


def _say_kind(element: Element) -> str:
    kind = _KINDS.get(element.kind, element.kind)
    return N_("%(text)s (%(note)s)", text=kind, note=element.event) if element.event else kind


def _say_choices(outcomes: Sequence[str]) -> str:
    return join(map(name_choice, outcomes), separator=", ") if outcomes else ""


def _say_interrupting(element: Element) -> str:
    if not element.attached_to:
        return ""
    return N_("có") if element.interrupting else N_("không")


_ASPECTS: dict[str, Callable[[Element], str]] = {
    N_("loại"): _say_kind,
    N_("tên"): lambda element: element.name,
    N_("người làm"): lambda element: name_role(element.role),
    N_("thời hạn"): lambda element: say_minutes(share_of(element)) if share_of(element) else "",
    N_("màn hình"): lambda element: name_screen(element.screen),
    N_("lựa chọn"): lambda element: (
        join(map(name_choice, element.outcomes), separator=", ") if element.outcomes else ""
    ),
    N_("giai đoạn"): lambda element: element.stage,
    N_("kết quả"): lambda element: element.outcome,
    N_("hẹn giờ"): lambda element: _say_timer(element.timer),
    N_("tin, tín hiệu, mã lỗi"): _say_event,
    N_("việc của máy"): lambda element: element.topic,
    N_("bảng quyết định"): lambda element: element.decision,
    N_("quy trình gọi"): lambda element: element.called,
    N_("làm nhiều lần"): lambda element: _say_loop(element.loop),
    N_("biến"): _say_lines,
    N_("ngắt việc"): _say_interrupting,
    N_("hủy mọi việc"): lambda element: N_("có") if element.terminates else "",
    N_("nằm trong"): lambda element: element.parent,
    N_("gắn trên"): lambda element: element.attached_to,
    N_("thông tin khác"): _say_properties,
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
    return join(parts) or N_("luôn đi")
