"""The sentences of the soundness check: what is wrong at which element, what to do, by which way one gets there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from motcua.kernel.messages import N_, Message, join
from motcua.process.types import Element, Flow, ProcessDefinition

MAX_STEPS_SHOWN = 14
_SHOWN = frozenset({"start", "user", "service", "receive", "send", "decision", "subprocess", "call", "end", "throw"})


def name_of(element: Element | Flow) -> str:
    return element.name or element.id


def with_way(message: str, way: Sequence[tuple[str, str]], definition: ProcessDefinition) -> Message:
    """Add the way: the steps a person would name, and which branch was taken where one is chosen."""
    flows = {flow.id: flow for flow in definition.flows}
    steps: list[str] = []
    for element_id, flow_id in way:
        element = definition.by_id[element_id]
        if flow_id and flow_id in flows:
            steps.append(_say_branch(element, flows[flow_id], definition))
        elif element.kind in _SHOWN or element.attached_to or element.kind.startswith("catch"):
            steps.append(name_of(element))
    shown = [step for number, step in enumerate(steps) if not number or steps[number - 1] != step]
    if len(shown) > MAX_STEPS_SHOWN:
        shown = [*shown[:3], "…", *shown[-(MAX_STEPS_SHOWN - 4) :]]
    if not shown:
        return N_("%(message)s", message=message)
    return N_("%(message)s Ví dụ đi theo đường: %(way)s.", message=message, way=join(shown, separator=" → "))


def _say_branch(element: Element, flow: Flow, definition: ProcessDefinition) -> str:
    target = definition.by_id[flow.target]
    branch = flow.name or N_("nhánh tới “%(name)s”", name=name_of(target))
    return N_("%(name)s [%(branch)s]", name=name_of(element), branch=branch)


def _names(elements: Iterable[Element]) -> str:
    names = list(dict.fromkeys(f"“{name_of(element)}”" for element in elements))
    return ", ".join(names[:6]) + (" …" if len(names) > 6 else "")


def say_join_waits(element: Element, missing: Sequence[Element]) -> Message:
    return N_(
        "Cổng “%(name)s” chờ mãi nhánh từ %(missing)s, nhánh này có lúc không tới. "
        "Hãy gộp bằng cổng cùng loại với cổng đã tách, hoặc để mọi nhánh song song đều đi vào cổng.",
        name=name_of(element),
        missing=_names(missing) or N_("ngoài"),
    )


def say_clash(element: Element, definition: ProcessDefinition) -> Message:
    incoming = [definition.by_id[flow.source] for flow in definition.incoming.get(element.id, ())]
    if len(incoming) < 2:
        return N_(
            "“%(name)s” bị chạy hai lần cho cùng một hồ sơ. Hãy gộp các nhánh song song bằng cổng "
            "song song trước bước này.",
            name=name_of(element),
        )
    return N_(
        "Hai nhánh song song (%(branches)s) gặp nhau ở “%(name)s” mà không chờ nhau, nên bước sau bị làm hai lần. "
        "Hãy đặt một cổng song song để gộp chúng tại đây.",
        branches=_names(incoming),
        name=name_of(element),
    )


def say_growth(element: Element) -> Message:
    return N_(
        "Mỗi vòng lặp qua “%(name)s” lại mở thêm một nhánh mới, không giới hạn. "
        "Hãy gộp nhánh song song trước khi quay lại, hoặc bỏ mũi tên quay lại.",
        name=name_of(element),
    )


def say_lost(element: Element) -> Message:
    return N_(
        "Có lúc không nhánh nào của cổng “%(name)s” đúng, hồ sơ sẽ kẹt ở đó. Hãy chọn một nhánh mặc định.",
        name=name_of(element),
    )


def say_two_results(ends: Sequence[Element]) -> Message:
    return N_(
        "Hồ sơ có thể tới kết thúc %(ends)s khi nhánh song song khác còn việc, và có hai kết quả. "
        "Hãy gộp các nhánh trước khi kết thúc, hoặc dùng kết thúc hủy mọi việc (terminate).",
        ends=_names(ends),
    )


def say_result_beside(end: Element) -> Message:
    return N_(
        "Nhánh phụ (sự kiện không ngắt việc) tới kết thúc có kết quả “%(name)s” trong khi việc chính còn đang làm. "
        "Hãy bỏ kết quả ở kết thúc này, hoặc dùng kết thúc hủy mọi việc (terminate).",
        name=name_of(end),
    )


def say_loop(elements: Sequence[Element]) -> Message:
    return N_(
        "Vòng lặp qua %(names)s không có lối ra. Hãy vẽ một nhánh rời vòng lặp và kiểm tra điều kiện "
        "của nó có lúc đúng.",
        names=_names(elements),
    )


def say_spinning(elements: Sequence[Element]) -> Message:
    return N_(
        "Vòng lặp qua %(names)s không có bước nào để chờ hay đổi dữ liệu, nên hồ sơ vào là quay mãi. Hãy đặt một việc "
        "của cán bộ, một việc của hệ thống hoặc một lần chờ vào vòng lặp, hoặc bỏ nhánh quay lại.",
        names=_names(elements),
    )


def say_unreachable(element: Element) -> Message:
    return N_(
        "Không hồ sơ nào tới được “%(name)s”: điều kiện trên đường tới đây không bao giờ đúng. "
        "Hãy kiểm tra các lựa chọn của bước trước và chữ viết trong điều kiện.",
        name=name_of(element),
    )


def say_never_taken(flow: Flow, source: Element) -> Message:
    return N_(
        "Nhánh “%(flow)s” của cổng “%(gateway)s” không bao giờ được chọn. Hãy sửa điều kiện hoặc bỏ nhánh.",
        flow=flow.name or flow.id,
        gateway=name_of(source),
    )


def say_too_complex(element: Element, states: int) -> Message:
    return N_(
        "Quy trình quá phức tạp để kiểm tra hết: phần bắt đầu từ “%(name)s” có hơn %(states)s trạng thái. "
        "Hãy tách thành các quy trình con; chưa thể kết luận quy trình này đúng.",
        name=name_of(element),
        states=states,
    )


def say_data_left_out(element: Element) -> Message:
    return N_(
        "Điều kiện ở phần bắt đầu từ “%(name)s” có quá nhiều tổ hợp, nên chỉ kiểm tra được hình vẽ, "
        "coi mọi nhánh đều có thể đi. Hãy thử thêm bằng hồ sơ mẫu.",
        name=name_of(element),
    )
