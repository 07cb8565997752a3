"""Checks of the drawing against the platform around it, and whether it always comes to an end."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from motcua.designer.rules.reading import PROCESS, Package, error, warning
from motcua.designer.types import Finding, Surroundings
from motcua.kernel.messages import N_
from motcua.process.soundness import check_soundness
from motcua.process.types import Element, ProcessDefinition

_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_SENDING = frozenset({"throw", "send", "end"})
STAGES = frozenset(
    {"submitted", "accepted", "in_progress", "waiting_applicant", "waiting_payment", "decided", "delivered"}
    | {"refused", "stopped", "withdrawn"}
)
OUTCOMES = frozenset({"approved", "rejected", "withdrawn", "stopped", "returned"})


def check_process(package: Package, surroundings: Surroundings) -> Iterator[Finding]:
    """Yield what is wrong with the drawing; nothing when it could not be read (that is reported already)."""
    definition = package.definition
    if definition is None:
        return
    for fault in check_soundness(definition).faults:
        report = error if fault.severity == "error" else warning
        yield report(PROCESS, fault.element_id, fault.code, fault.message_vi)
    for check in (_check_people, _check_screens, _check_work, _check_messages, _check_signals, _check_words):
        yield from check(definition, surroundings)
    yield from _check_decisions(package, definition)
    yield from _check_drawn(package, definition)


def _name(element: Element) -> str:
    return element.name or element.id


def _check_people(definition: ProcessDefinition, around: Surroundings) -> Iterator[Finding]:
    for element in definition.of_kind("user"):
        if around.roles is not None and element.role not in around.roles:
            message = N_(
                "Bước “%(name)s” giao cho vai trò “%(role)s” không có trong cơ quan. Hãy chọn một trong: %(roles)s.",
                name=_name(element),
                role=element.role,
                roles=", ".join(sorted(around.roles)),
            )
            yield error(PROCESS, element.id, "role_unknown", message)
        elif around.staffed_roles is not None and element.role not in around.staffed_roles:
            message = N_(
                "Bước “%(name)s” giao cho vai trò “%(role)s” nhưng chưa có ai giữ vai trò này. Hãy phân công người.",
                name=_name(element),
                role=element.role,
            )
            yield error(PROCESS, element.id, "role_without_people", message)


def _check_screens(definition: ProcessDefinition, around: Surroundings) -> Iterator[Finding]:
    if around.screens is None:
        return
    for element in definition.of_kind("user"):
        if not element.screen:
            message = N_("Bước “%(name)s” chưa có màn hình. Hãy chọn màn hình xử lý.", name=_name(element))
            yield error(PROCESS, element.id, "screen_missing", message)
            continue
        screen = around.screens.get(element.screen)
        if screen is None:
            message = N_(
                "Màn hình “%(screen)s” của bước “%(name)s” không có. Hãy chọn một trong: %(screens)s.",
                screen=element.screen,
                name=_name(element),
                screens=", ".join(sorted(around.screens)),
            )
            yield error(PROCESS, element.id, "screen_unknown", message)
            continue
        strange = [outcome for outcome in element.outcomes if screen.outcomes and outcome not in screen.outcomes]
        if strange:
            message = N_(
                "Màn hình “%(screen)s” không có nút cho lựa chọn %(strange)s của bước “%(name)s”, nên nhánh đó "
                "không bao giờ được chọn. Hãy sửa outcomes; màn hình có: %(offered)s.",
                screen=element.screen,
                strange=", ".join(f"“{outcome}”" for outcome in strange),
                name=_name(element),
                offered=", ".join(screen.outcomes),
            )
            yield error(PROCESS, element.id, "outcome_not_offered", message)


def _check_work(definition: ProcessDefinition, around: Surroundings) -> Iterator[Finding]:
    for element in definition.of_kind("service", "send"):
        if element.topic and around.topics is not None and element.topic not in around.topics:
            message = N_(
                "Việc của máy “%(topic)s” ở bước “%(name)s” không có. Hãy chọn một trong: %(topics)s.",
                topic=element.topic,
                name=_name(element),
                topics=", ".join(sorted(around.topics)),
            )
            yield error(PROCESS, element.id, "topic_unknown", message)
    for element in definition.of_kind("call"):
        if around.callable_keys is not None and element.called not in around.callable_keys:
            message = N_(
                "Bước “%(name)s” gọi quy trình “%(called)s” chưa được ban hành. Hãy ban hành quy trình đó trước.",
                name=_name(element),
                called=element.called,
            )
            yield error(PROCESS, element.id, "called_unknown", message)


def _check_messages(definition: ProcessDefinition, around: Surroundings) -> Iterator[Finding]:
    """Every message waited for has a sender, every message sent has a receiver.

    Messages over a drawn message flow come from and go to another pool: the other side's own process answers for them.
    """
    from_outside = {flow.receiver for flow in definition.message_flows}
    to_outside = {flow.sender for flow in definition.message_flows}
    sent, awaited = set(definition.sent_messages), set(definition.messages)
    for element in definition.elements:
        if not element.message:
            continue
        if element.kind in _SENDING:
            has_receiver = element.id in to_outside or element.message in awaited | (around.receivers or set())
            if around.receivers is not None and not has_receiver:
                message = N_(
                    "Tin “%(message)s” gửi từ “%(name)s” không ai nhận. Hãy vẽ nơi nhận hoặc nối tới cơ quan khác.",
                    message=element.message,
                    name=_name(element),
                )
                yield error(PROCESS, element.id, "message_without_receiver", message)
        elif (
            around.senders is not None
            and element.message not in sent | around.senders
            and element.id not in from_outside
        ):
            message = N_(
                "“%(name)s” chờ tin “%(message)s” mà không ai gửi, hồ sơ sẽ chờ mãi. Hãy dùng một tin có sẵn "
                "(%(known)s) hoặc vẽ nơi gửi.",
                name=_name(element),
                message=element.message,
                known=", ".join(sorted(around.senders)),
            )
            yield error(PROCESS, element.id, "message_without_sender", message)


def _check_signals(definition: ProcessDefinition, around: Surroundings) -> Iterator[Finding]:
    thrown = {element.signal for element in definition.of_kind("throw", "end", "send") if element.signal}
    for element in definition.elements:
        if not element.signal or element.kind in _SENDING or element.signal in thrown | (around.senders or set()):
            continue
        message = N_(
            "“%(name)s” chờ tín hiệu “%(signal)s” mà quy trình này không phát. Hãy chắc rằng có nơi khác phát.",
            name=_name(element),
            signal=element.signal,
        )
        yield warning(PROCESS, element.id, "signal_without_sender", message)


def _check_words(definition: ProcessDefinition, _around: Surroundings) -> Iterator[Finding]:
    """Check the words that other parts of the platform read: stages and outcomes."""
    for element in definition.elements:
        if element.stage and element.stage not in STAGES:
            message = N_(
                "Giai đoạn “%(stage)s” ở “%(name)s” không có. Hãy dùng một trong: %(stages)s.",
                stage=element.stage,
                name=_name(element),
                stages=", ".join(sorted(STAGES)),
            )
            yield error(PROCESS, element.id, "stage_unknown", message)
        if element.kind == "end" and element.outcome and element.outcome not in OUTCOMES:
            message = N_(
                "Kết quả “%(outcome)s” ở “%(name)s” không có. Hãy dùng một trong: %(outcomes)s.",
                outcome=element.outcome,
                name=_name(element),
                outcomes=", ".join(sorted(OUTCOMES)),
            )
            yield error(PROCESS, element.id, "outcome_unknown", message)
        if not element.name and element.kind in ("user", "service", "subprocess", "end", "call"):
            yield warning(PROCESS, element.id, "element_without_name", N_("Phần tử chưa có tên. Hãy đặt tên dễ hiểu."))
    if not any(element.outcome for element in definition.of_kind("end")):
        message = N_("Chưa kết thúc nào ghi kết quả. Hãy ghi outcome (ví dụ approved) ở điểm kết thúc.")
        yield error(PROCESS, "", "no_outcome", message)


def _check_decisions(package: Package, definition: ProcessDefinition) -> Iterator[Finding]:
    known = {name.removeprefix("decisions/").removesuffix(".dmn") for name, _ in package.decision_files()}
    for _, content in package.decision_files():
        known |= _named_decisions(content)
    for element in definition.of_kind("decision"):
        if element.decision and element.decision not in known:
            message = N_(
                "Bước “%(name)s” hỏi bảng quyết định “%(decision)s” không có trong gói. Hãy thêm tệp vào decisions/.",
                name=_name(element),
                decision=element.decision,
            )
            yield error(PROCESS, element.id, "decision_unknown", message)


def _named_decisions(content: bytes) -> set[str]:
    root = _parse(content)
    if root is None:
        return set()
    named = (
        node for node in root.iter(etree.Element) if etree.QName(node).localname in ("decision", "decisionService")
    )
    return {value for node in named for value in (node.get("id"), node.get("name")) if value}


def _check_drawn(package: Package, definition: ProcessDefinition) -> Iterator[Finding]:
    """Every element and flow stands on the diagram: what is not drawn cannot be seen, nor pointed at."""
    root = _parse(package.files[PROCESS])
    drawn = set() if root is None else {node.get("bpmnElement") for node in root.iter(f"{_DI}*")}
    for element in definition.elements:
        if element.id not in drawn:
            message = N_("“%(name)s” chưa có trên sơ đồ. Hãy mở bản vẽ và vẽ phần tử này.", name=_name(element))
            yield error(PROCESS, element.id, "not_drawn", message)
    for flow in definition.flows:
        if flow.id not in drawn:
            message = N_("Mũi tên “%(name)s” chưa có trên sơ đồ. Hãy mở bản vẽ và nối lại.", name=flow.name or flow.id)
            yield error(PROCESS, flow.id, "not_drawn", message)


def _parse(content: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
