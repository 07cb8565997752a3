"""Find every reason why a drawing cannot be run, before anything runs.

Source: BPMN 2.0.2, 8.3.13 (flows), 10.5 (events), 10.6 (gateways), 13 (execution semantics).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set

from motcua.process.types import Element, Flow, Problem, ProcessDefinition

_WAITING_HOSTS = ("user", "service", "receive")


def check_definition(definition: ProcessDefinition, refused: Set[str] = frozenset()) -> Iterator[Problem]:
    """Yield the problems of the graph and of each element; what was `refused` already is not reported twice."""
    yield from _check_ids(definition)
    yield from _check_flows(definition, refused)
    yield from _check_starts(definition)
    for element in definition.elements:
        yield from _check_ends_of(element, definition)
        check = _CHECKS.get(element.kind)
        if check is not None:
            yield from check(element, definition)


def check_reach(definition: ProcessDefinition) -> Iterator[Problem]:
    """Yield elements that nothing leads to, and those that lead to no end."""
    forward = {key: [flow.target for flow in flows] for key, flows in definition.outgoing.items()}
    backward = {key: [flow.source for flow in flows] for key, flows in definition.incoming.items()}
    for boundary in definition.of_kind("boundary_timer", "boundary_message"):
        forward.setdefault(boundary.attached_to, []).append(boundary.id)
        backward.setdefault(boundary.id, []).append(boundary.attached_to)
    reached = _spread((element.id for element in definition.starts), forward)
    leading = _spread((element.id for element in definition.of_kind("end")), backward)
    for element in definition.elements:
        if element.id not in reached:
            yield _problem(element, "unreachable", "không có đường nào dẫn tới; hãy nối hoặc xoá")
        elif element.id not in leading:
            yield _problem(element, "no_way_to_end", "từ đây không đi tới kết thúc nào; hãy nối tiếp")


def check_surroundings(
    definition: ProcessDefinition, known_roles: Iterable[str] | None, known_screens: Iterable[str] | None
) -> Iterator[Problem]:
    """Yield tasks whose role or screen the platform does not have."""
    roles = None if known_roles is None else set(known_roles)
    screens = None if known_screens is None else set(known_screens)
    for element in definition.of_kind("user"):
        if roles is not None and element.role and element.role not in roles:
            yield _problem(element, "unknown_role", f"vai trò “{element.role}” không có; hãy chọn vai trò khác")
        if screens is not None and element.screen not in screens:
            yield _problem(element, "unknown_screen", f"màn hình “{element.screen}” không có; hãy chọn màn hình khác")


def _problem(element: Element | Flow, code: str, what_vi: str) -> Problem:
    return Problem(element.id, code, f"“{element.name or element.id}”: {what_vi}.")


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
            yield Problem(name, "duplicate_id", f"Mã phần tử “{name}” bị trống hoặc dùng nhiều lần; hãy đặt mã riêng.")


def _check_flows(definition: ProcessDefinition, refused: Set[str]) -> Iterator[Problem]:
    for flow in definition.flows:
        ends = {flow.source, flow.target}
        if ends & refused:
            continue
        if not ends <= definition.by_id.keys():
            yield _problem(flow, "dangling_flow", "mũi tên không nối đủ hai đầu; hãy nối lại hoặc xoá")
            continue
        source = definition.by_id[flow.source]
        if flow.condition is not None and source.kind != "exclusive":
            yield _problem(flow, "condition_misplaced", "điều kiện chỉ đặt được sau cổng rẽ nhánh (exclusive)")
        if definition.by_id[flow.target].kind.startswith("boundary"):
            yield _problem(flow, "flow_into_boundary", "mũi tên không được đi vào sự kiện gắn trên việc")


def _check_starts(definition: ProcessDefinition) -> Iterator[Problem]:
    plain = [element for element in definition.starts if not element.message and element.timer is None]
    if not definition.starts:
        yield Problem("", "missing_start", "Quy trình chưa có điểm bắt đầu; hãy vẽ một điểm bắt đầu.")
    if len(plain) > 1:
        yield _problem(plain[1], "several_starts", "quy trình chỉ được có một điểm bắt đầu thường")
    if not any(definition.of_kind("end")):
        yield Problem("", "missing_end", "Quy trình chưa có điểm kết thúc; hãy vẽ ít nhất một điểm kết thúc.")


def _check_ends_of(element: Element, definition: ProcessDefinition) -> Iterator[Problem]:
    incoming, outgoing = definition.incoming.get(element.id, ()), definition.outgoing.get(element.id, ())
    if element.kind == "start" and incoming:
        yield _problem(element, "start_has_incoming", "không mũi tên nào được đi vào điểm bắt đầu")
    if element.kind == "end" and outgoing:
        yield _problem(element, "end_has_outgoing", "không mũi tên nào được đi ra từ điểm kết thúc")
    if element.kind != "end" and not outgoing:
        yield _problem(element, "no_outgoing", "chưa có bước tiếp theo; hãy vẽ mũi tên đi ra")


def _check_user(element: Element, _definition: ProcessDefinition) -> Iterator[Problem]:
    if not element.role:
        yield _problem(element, "task_without_role", "chưa ghi vai trò làm việc này (candidateGroups hoặc làn)")
    if len(set(element.outcomes)) != len(element.outcomes):
        yield _problem(element, "outcome_twice", "có lựa chọn bị lặp trong outcomes")


def _check_service(element: Element, _definition: ProcessDefinition) -> Iterator[Problem]:
    if not element.topic:
        yield _problem(element, "service_without_topic", "chưa ghi loại công việc máy làm (taskDefinition type)")


def _check_exclusive(element: Element, definition: ProcessDefinition) -> Iterator[Problem]:
    outgoing = definition.outgoing.get(element.id, ())
    if len(outgoing) < 2:
        return
    if element.default_flow not in {flow.id for flow in outgoing}:
        yield _problem(element, "gateway_without_default", "hãy chọn một nhánh mặc định, để luôn có đường đi")
    for flow in outgoing:
        if flow.id != element.default_flow and flow.condition is None:
            yield _problem(flow, "flow_without_condition", 'nhánh này cần một điều kiện, ví dụ =outcome = "accept"')


def _check_event_gateway(element: Element, definition: ProcessDefinition) -> Iterator[Problem]:
    targets = [definition.by_id.get(flow.target) for flow in definition.outgoing.get(element.id, ())]
    if len(targets) < 2:
        yield _problem(element, "event_gateway_few", "cổng chờ sự kiện cần ít nhất hai nhánh")
    for target in targets:
        if target is None:
            continue
        if target.kind not in ("catch_timer", "catch_message", "receive"):
            yield _problem(target, "event_gateway_target", "sau cổng chờ sự kiện chỉ được là tin nhắn hoặc hẹn giờ")
        if len(definition.incoming.get(target.id, ())) > 1:
            yield _problem(target, "event_gateway_target", "chỉ cổng chờ sự kiện được dẫn vào đây")


def _check_message(element: Element, _definition: ProcessDefinition) -> Iterator[Problem]:
    if not element.message:
        yield _problem(element, "message_without_name", "chưa ghi tên tin nhắn cần chờ")


def _check_boundary(element: Element, definition: ProcessDefinition) -> Iterator[Problem]:
    host = definition.by_id.get(element.attached_to)
    if host is None or host.kind not in _WAITING_HOSTS:
        yield _problem(element, "boundary_host", "chỉ gắn được vào việc của người, việc của máy hoặc việc chờ tin")
    if element.kind == "boundary_message":
        yield from _check_message(element, definition)


_CHECKS: dict[str, Callable[[Element, ProcessDefinition], Iterator[Problem]]] = {
    "user": _check_user,
    "service": _check_service,
    "exclusive": _check_exclusive,
    "event_gateway": _check_event_gateway,
    "receive": _check_message,
    "catch_message": _check_message,
    "boundary_timer": _check_boundary,
    "boundary_message": _check_boundary,
}
