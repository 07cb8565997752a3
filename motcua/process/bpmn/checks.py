"""Find every reason why a drawing cannot be run, before anything runs.

Source: BPMN 2.0.2, 8.3.13 (flows), 10.5 (events), 10.6 (gateways), 13 (execution semantics).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set

from motcua.kernel.messages import N_
from motcua.process.types import Element, Flow, Kind, Problem, ProcessDefinition

_HOSTS: dict[str, tuple[Kind, ...]] = {
    "error": ("user", "service", "decision", "receive", "subprocess", "call"),
    "escalation": ("subprocess", "call"),
}
_WAITING_HOSTS: tuple[Kind, ...] = ("user", "service", "decision", "receive", "subprocess", "call")
_GATEWAY_TARGETS: tuple[Kind, ...] = (
    "catch_timer", "catch_message", "catch_signal", "catch_condition", "receive",
)  # fmt: skip
_WITHOUT_CONDITIONS: tuple[Kind, ...] = (
    "parallel", "event_gateway", "start", "throw", "catch_link",
)  # fmt: skip
_Check = Callable[[Element, ProcessDefinition], Iterator[Problem]]


def check_definition(
    definition: ProcessDefinition, flow_parents: Mapping[str, str], refused: Set[str] = frozenset()
) -> Iterator[Problem]:
    """Yield the problems of the graph and of each element; what was `refused` already is not reported twice."""
    yield from _check_ids(definition)
    yield from _check_flows(definition, flow_parents, refused)
    yield from _check_scope("", definition)
    for element in definition.elements:
        if element.id in refused:
            continue
        yield from _check_ends_of(element, definition)
        check = _CHECKS.get(element.kind) or (_check_boundary if element.attached_to else None)
        if check is not None:
            yield from check(element, definition)
        if element.kind in ("throw", "end", "send") and (element.event == "message" or element.kind == "send"):
            yield from _check_sends(element)


def check_reach(definition: ProcessDefinition) -> Iterator[Problem]:
    """Yield elements that nothing leads to, and those that lead to no end of their scope."""
    forward = {key: [flow.target for flow in flows] for key, flows in definition.outgoing.items()}
    backward = {key: [flow.source for flow in flows] for key, flows in definition.incoming.items()}
    for source, target in _hidden_edges(definition):
        forward.setdefault(source, []).append(target)
        backward.setdefault(target, []).append(source)
    starts = [start.id for starts in definition.starts_of.values() for start in starts]
    starts += [one.id for one in definition.of_kind("event_gateway") if one.instantiates]
    reached = _spread(starts, forward)
    leading = _spread((element.id for element in definition.of_kind("end")), backward)
    for element in definition.of_kind(*_ON_A_PATH):
        if element.id not in reached:
            yield _problem(element, "unreachable", N_("không có đường nào dẫn tới; hãy nối hoặc xóa"))
        elif element.id not in leading:
            yield _problem(element, "no_way_to_end", N_("từ đây không đi tới kết thúc nào; hãy nối tiếp"))


def _hidden_edges(definition: ProcessDefinition) -> Iterator[tuple[str, str]]:
    """Yield the ways that are not drawn as arrows: onto boundary events and from link to link."""
    for element in definition.elements:
        if element.attached_to:
            yield element.attached_to, element.id
        if element.kind == "throw" and element.link and (element.parent, element.link) in definition.links:
            yield element.id, definition.links[(element.parent, element.link)].id


def check_surroundings(
    definition: ProcessDefinition, known_roles: Iterable[str] | None, known_screens: Iterable[str] | None
) -> Iterator[Problem]:
    """Yield tasks whose role or screen the platform does not have."""
    roles = None if known_roles is None else set(known_roles)
    screens = None if known_screens is None else set(known_screens)
    for element in definition.of_kind("user"):
        if roles is not None and element.role and element.role not in roles:
            yield _problem(
                element, "unknown_role", N_("vai trò “%(role)s” không có; hãy chọn vai trò khác", role=element.role)
            )
        if screens is not None and element.screen not in screens:
            yield _problem(
                element,
                "unknown_screen",
                N_("màn hình “%(screen)s” không có; hãy chọn màn hình khác", screen=element.screen),
            )


def _problem(element: Element | Flow, code: str, what_vi: str) -> Problem:
    return Problem(element.id, code, N_("“%(name)s”: %(what)s.", name=element.name or element.id, what=what_vi))


def _spread(seeds: Iterable[str], edges: Mapping[str, list[str]]) -> set[str]:
    waiting, seen = list(seeds), set[str]()
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting.extend(edges.get(current, ()))
    return seen


def _check_ids(definition: ProcessDefinition) -> Iterator[Problem]:
    used = Counter([element.id for element in definition.elements] + [flow.id for flow in definition.flows])
    for name, times in used.items():
        if times > 1 or not name:
            yield Problem(
                name,
                "duplicate_id",
                N_("Mã phần tử “%(name)s” bị trống hoặc dùng nhiều lần; hãy đặt mã riêng.", name=name),
            )


def _check_flows(
    definition: ProcessDefinition, flow_parents: Mapping[str, str], refused: Set[str]
) -> Iterator[Problem]:
    for flow in definition.flows:
        ends = {flow.source, flow.target}
        if ends & refused:
            continue
        if not ends <= definition.by_id.keys():
            yield _problem(flow, "dangling_flow", N_("mũi tên không nối đủ hai đầu; hãy nối lại hoặc xóa"))
            continue
        source, target = definition.by_id[flow.source], definition.by_id[flow.target]
        if source.parent != target.parent:
            yield _problem(flow, "flow_crosses_border", N_("mũi tên không được đi qua ranh giới quy trình con"))
        if flow.condition is not None and source.kind in _WITHOUT_CONDITIONS:
            yield _problem(flow, "condition_misplaced", N_("điều kiện không đặt được trên mũi tên đi ra từ đây"))
        if target.attached_to:
            yield _problem(flow, "flow_into_boundary", N_("mũi tên không được đi vào sự kiện gắn trên việc"))


def _check_scope(parent: str, definition: ProcessDefinition) -> Iterator[Problem]:
    """A process or sub-process begins somewhere and ends somewhere."""
    starts = definition.starts_of.get(parent, ())
    plain = [start for start in starts if not start.event and start.kind == "start"]
    where = N_("Quy trình con “%(name)s”", name=definition.by_id[parent].name or parent) if parent else N_("Quy trình")
    if not starts:
        yield Problem(
            parent, "missing_start", N_("%(where)s chưa có điểm bắt đầu; hãy vẽ một điểm bắt đầu.", where=where)
        )
    if len(plain) > 1:
        yield _problem(plain[1], "several_starts", N_("quy trình chỉ được có một điểm bắt đầu thường"))
    if not any(element.kind == "end" for element in definition.children_of(parent)):
        yield Problem(
            parent, "missing_end", N_("%(where)s chưa có điểm kết thúc; hãy vẽ ít nhất một điểm kết thúc.", where=where)
        )


def _check_ends_of(element: Element, definition: ProcessDefinition) -> Iterator[Problem]:
    incoming, outgoing = definition.incoming.get(element.id, ()), definition.outgoing.get(element.id, ())
    if element.kind == "event_subprocess":
        if incoming or outgoing:
            yield _problem(element, "handler_has_flows", N_("quy trình con theo sự kiện không nối mũi tên vào hay ra"))
        return
    if element.kind in ("start", "catch_link") and incoming:
        yield _problem(element, "start_has_incoming", N_("không mũi tên nào được đi vào điểm bắt đầu"))
    is_last = element.kind == "end" or (element.kind == "throw" and element.event == "link")
    if is_last and outgoing:
        yield _problem(element, "end_has_outgoing", N_("không mũi tên nào được đi ra từ điểm kết thúc"))
    if not is_last and not outgoing:
        yield _problem(element, "no_outgoing", N_("chưa có bước tiếp theo; hãy vẽ mũi tên đi ra"))
    if element.event == "link" and element.kind == "throw" and (element.parent, element.link) not in definition.links:
        yield _problem(element, "link_without_target", N_("chưa có điểm nhận liên kết “%(link)s”", link=element.link))


def _check_user(element: Element, _definition: ProcessDefinition) -> Iterator[Problem]:
    if not element.role:
        yield _problem(element, "task_without_role", N_("chưa ghi vai trò làm việc này (candidateGroups hoặc làn)"))
    if len(set(element.outcomes)) != len(element.outcomes):
        yield _problem(element, "outcome_twice", N_("có lựa chọn bị lặp trong outcomes"))


def _check_service(element: Element, _definition: ProcessDefinition) -> Iterator[Problem]:
    if not element.topic:
        yield _problem(element, "service_without_topic", N_("chưa ghi loại công việc máy làm (taskDefinition type)"))


def _check_decision(element: Element, _definition: ProcessDefinition) -> Iterator[Problem]:
    if not element.decision:
        yield _problem(element, "decision_without_id", N_("chưa ghi bảng quyết định cần hỏi (decisionId)"))


def _check_call(element: Element, _definition: ProcessDefinition) -> Iterator[Problem]:
    if not element.called:
        yield _problem(element, "call_without_process", N_("chưa ghi quy trình cần gọi (processId)"))


def _check_exclusive(element: Element, definition: ProcessDefinition) -> Iterator[Problem]:
    outgoing = definition.outgoing.get(element.id, ())
    if len(outgoing) < 2:
        return
    without = [flow for flow in outgoing if flow.id != element.default_flow and flow.condition is None]
    if without and element.default_flow not in {flow.id for flow in outgoing}:
        yield _problem(element, "gateway_without_default", N_("hãy chọn một nhánh mặc định, để luôn có đường đi"))
    for flow in without:
        yield _problem(flow, "flow_without_condition", N_('nhánh này cần một điều kiện, ví dụ =outcome = "accept"'))


def _check_event_gateway(element: Element, definition: ProcessDefinition) -> Iterator[Problem]:
    targets = [definition.by_id.get(flow.target) for flow in definition.outgoing.get(element.id, ())]
    if len(targets) < 2:
        yield _problem(element, "event_gateway_few", N_("cổng chờ sự kiện cần ít nhất hai nhánh"))
    if element.instantiates and (element.parent or definition.incoming.get(element.id)):
        yield _problem(element, "start_has_incoming", N_("cổng bắt đầu quy trình không nhận mũi tên đi vào"))
    for target in targets:
        if target is None:
            continue
        if target.kind not in _GATEWAY_TARGETS or target.loop is not None:
            yield _problem(target, "event_gateway_target", N_("sau cổng chờ sự kiện chỉ được là tin nhắn hoặc hẹn giờ"))
        if element.instantiates and target.kind not in ("catch_message", "receive"):
            yield _problem(target, "event_gateway_target", N_("cổng bắt đầu quy trình chỉ chờ được tin nhắn"))
        if len(definition.incoming.get(target.id, ())) > 1:
            yield _problem(target, "event_gateway_target", N_("chỉ cổng chờ sự kiện được dẫn vào đây"))
        if definition.boundaries.get(target.id):
            yield _problem(target, "event_gateway_target", N_("việc sau cổng chờ sự kiện không gắn thêm sự kiện được"))


def _check_message(element: Element, definition: ProcessDefinition) -> Iterator[Problem]:
    if not element.message:
        yield _problem(element, "message_without_name", N_("chưa ghi tên tin nhắn cần chờ"))
    if element.instantiates and definition.incoming.get(element.id):
        yield _problem(element, "start_has_incoming", N_("việc chờ tin bắt đầu quy trình không nhận mũi tên đi vào"))


def _check_sends(element: Element) -> Iterator[Problem]:
    if not (element.message or element.topic):
        yield _problem(element, "message_without_name", N_("chưa ghi tên tin nhắn cần gửi"))


def _check_start(element: Element, _definition: ProcessDefinition) -> Iterator[Problem]:
    if element.event == "message" and not element.message:
        yield _problem(element, "message_without_name", N_("chưa ghi tên tin nhắn cần chờ"))
    if element.event == "error" and not element.interrupting:
        yield _problem(element, "error_interrupts", N_("sự kiện lỗi luôn ngắt việc đang làm; hãy bỏ nét đứt"))


def _check_subprocess(element: Element, definition: ProcessDefinition) -> Iterator[Problem]:
    yield from _check_scope(element.id, definition)


def _check_handler(element: Element, definition: ProcessDefinition) -> Iterator[Problem]:
    yield from _check_scope(element.id, definition)
    starts = definition.starts_of.get(element.id, ())
    if len(starts) > 1 or (starts and not starts[0].event):
        yield _problem(
            element, "handler_start", N_("quy trình con theo sự kiện cần đúng một điểm bắt đầu có loại sự kiện")
        )
    if element.loop is not None:
        yield _problem(element, "handler_loop", N_("quy trình con theo sự kiện không lặp được"))


def _check_boundary(element: Element, definition: ProcessDefinition) -> Iterator[Problem]:
    host = definition.by_id.get(element.attached_to)
    if host is None or host.parent != element.parent or host.kind not in _HOSTS.get(element.event, _WAITING_HOSTS):
        yield _problem(element, "boundary_host", N_("sự kiện này không gắn được ở đây; hãy gắn vào việc phải chờ"))
    if element.event == "error" and not element.interrupting:
        yield _problem(element, "error_interrupts", N_("sự kiện lỗi luôn ngắt việc đang làm; hãy bỏ nét đứt"))
    if element.event == "message":
        yield from _check_message(element, definition)


_ON_A_PATH: tuple[Kind, ...] = (
    "start", "end", "user", "service", "script", "decision", "send", "manual", "receive", "exclusive", "inclusive",
    "parallel", "event_gateway", "catch_timer", "catch_message", "catch_signal", "catch_condition", "catch_link",
    "throw", "boundary_timer", "boundary_message", "boundary_signal", "boundary_condition", "boundary_error",
    "boundary_escalation", "subprocess", "call",
)  # fmt: skip
_CHECKS: dict[Kind, _Check] = {
    "start": _check_start,
    "user": _check_user,
    "service": _check_service,
    "decision": _check_decision,
    "call": _check_call,
    "exclusive": _check_exclusive,
    "event_gateway": _check_event_gateway,
    "receive": _check_message,
    "catch_message": _check_message,
    "subprocess": _check_subprocess,
    "event_subprocess": _check_handler,
}
