"""What has been read of a drawing so far, what was wrong with it, and the words that name what is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from motcua.kernel.messages import N_, join
from motcua.process.bpmn.juel import is_juel, to_feel
from motcua.process.bpmn.source import ZEEBE, child, children, extension, local_name
from motcua.process.feel import Expression, FeelError, compile_expression, literal
from motcua.process.types import DataObject, Element, Flow, MessageFlow, Problem

# element or attribute -> what it is, in Vietnamese: refused by name
REFUSED_VI = {
    "adHocSubProcess": N_("quy trình con tùy biến (ad-hoc)"),
    "transaction": N_("giao dịch (transaction)"),
    "complexGateway": N_("cổng phức hợp"),
    "compensateEventDefinition": N_("sự kiện bù trừ (compensation)"),
    "cancelEventDefinition": N_("sự kiện hủy giao dịch (cancel)"),
    "compensation": N_("việc bù trừ (compensation)"),
    "multipleEventDefinitions": N_("sự kiện nhiều loại cùng lúc (multiple)"),
    "parallelMultiple": N_("sự kiện nhiều loại phải đủ cả (parallel multiple)"),
    "parallelEventGateway": N_("cổng chờ đủ mọi sự kiện"),
    "conditionalStart": N_("bắt đầu theo điều kiện ở ngoài cùng"),
    "listener": N_("mã chạy kèm (listener)"),
    "connector": N_("bộ nối (connector)"),
    "javaCode": N_("gọi mã Java"),
    "dataTransformation": N_("phép biến đổi dữ liệu trên mũi tên dữ liệu"),
    "loopBehavior": N_("sự kiện phát ra khi lặp (behavior)"),
    "dynamicName": N_("tên tính bằng biểu thức"),
    "callChoreography": N_("điều phối giữa các bên (choreography)"),
}
# what a drawing may hold beside the flow: pictures, notes and data change nothing in the run
KEPT = {
    "documentation", "extensionElements", "laneSet", "textAnnotation", "association", "group", "dataObject",
    "dataObjectReference", "dataStoreReference", "ioSpecification", "property", "auditing", "monitoring", "artifact",
    "category", "supports", "correlationSubscription", "resourceRole", "performer", "humanPerformer", "potentialOwner",
    "ioBinding", "incoming", "outgoing",
}  # fmt: skip
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


@dataclass(slots=True)
class Shared:
    """What the whole file declares once: messages, signals, errors, escalations, pools."""

    messages: dict[str, str] = field(default_factory=dict)
    correlations: dict[str, str] = field(default_factory=dict)
    signals: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    escalations: dict[str, str] = field(default_factory=dict)
    events: dict[str, etree._Element] = field(default_factory=dict)
    pools: dict[str, tuple[str, str]] = field(default_factory=dict)  # participant -> (process, name)
    flows: list[MessageFlow] = field(default_factory=list)
    homes: dict[str, str] = field(default_factory=dict)  # element -> the process it lies in

    def find(self, table: dict[str, str], reference: str) -> str | None:
        """Follow a reference; it may carry a prefix."""
        return table.get(reference, table.get(reference.rpartition(":")[2]))

    def process_at(self, end: str) -> str:
        """Return the process behind an end of a message flow: a pool or an element in it."""
        return self.pools[end][0] if end in self.pools else self.homes.get(end, "")


@dataclass(slots=True)
class Reading:
    """One process in the reading."""

    shared: Shared
    elements: list[Element] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    flow_parents: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    lanes: dict[str, str] = field(default_factory=dict)
    data: list[DataObject] = field(default_factory=list)

    def report(self, element_id: str, code: str, message_vi: str) -> None:
        self.problems.append(Problem(element_id, code, message_vi))

    def refuse(self, node: etree._Element, name: str) -> None:
        """Refuse an element by name: it cannot be run."""
        label = node.get("name") or node.get("id", "")
        what = REFUSED_VI.get(name)
        explained = join((name, what), separator=" – ") if what else name
        self.refused.add(node.get("id", ""))
        self.report(
            node.get("id", ""),
            "unsupported",
            N_("“%(label)s”: chưa dùng được phần tử %(explained)s.", label=label, explained=explained),
        )

    def compile(self, element_id: str, text: str, what_vi: str) -> Expression | None:
        """Compile an expression of either tool, or report why not."""
        try:
            return compile_expression(to_feel(text) if is_juel(text) else text)
        except FeelError as error:
            self.report(
                element_id,
                "expression_unreadable",
                N_("%(what)s của “%(name)s”: %(reason)s", what=what_vi, name=element_id, reason=error.reason_vi),
            )
            return None

    def value(self, element_id: str, text: str, what_vi: str) -> Expression | None:
        """Compile what may be an expression (`=…`, `${…}`) and else is a fixed text."""
        if text.strip().startswith("=") or is_juel(text):
            return self.compile(element_id, text, what_vi)
        return literal(text)

    def fixed(self, node: etree._Element, text: str) -> str:
        """Return a name that must not be computed; a constant expression (`="x"`) is its value."""
        text = text.strip()
        if not (text.startswith("=") or is_juel(text)):
            return text
        run = self.compile(node.get("id", ""), text, N_("Tên"))
        value = run.evaluate({}) if run is not None and not run.paths else None
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, str):
            return value
        if run is not None:
            self.refuse(node, "dynamicName")
        return ""


def is_name(text: str) -> bool:
    """Tell whether a text is the plain name of a variable (or a path of names)."""
    return _NAME.fullmatch(text) is not None


def read_shared(root: etree._Element) -> Shared:
    """Read what stands beside the processes."""
    shared = Shared()
    for message in children(root, "message"):
        shared.messages[message.get("id", "")] = message.get("name", "") or message.get("id", "")
        subscription = extension(message, "subscription", ZEEBE)
        if subscription is not None:
            shared.correlations[message.get("id", "")] = subscription.get("correlationKey", "")
    for signal in children(root, "signal"):
        shared.signals[signal.get("id", "")] = signal.get("name", "") or signal.get("id", "")
    for error in children(root, "error"):
        shared.errors[error.get("id", "")] = error.get("errorCode", "") or error.get("id", "")
    for escalation in children(root, "escalation"):
        shared.escalations[escalation.get("id", "")] = escalation.get("escalationCode", "") or escalation.get("id", "")
    for node in root.iterchildren(etree.Element):
        if local_name(node)[1].endswith("EventDefinition"):
            shared.events[node.get("id", "")] = node
    _read_pools(root, shared)
    return shared


def _read_pools(root: etree._Element, shared: Shared) -> None:
    for process in children(root, "process"):
        for node in process.iter(etree.Element):
            shared.homes.setdefault(node.get("id", ""), process.get("id", ""))
    for collaboration in children(root, "collaboration"):
        for pool in children(collaboration, "participant"):
            reference = pool.get("processRef", "").rpartition(":")[2]
            shared.pools[pool.get("id", "")] = (reference, pool.get("name", ""))
        for flow in children(collaboration, "messageFlow"):
            name = shared.find(shared.messages, flow.get("messageRef", "")) or flow.get("name", "")
            sender, receiver = (str(flow.get(end, "")).rpartition(":")[2] for end in ("sourceRef", "targetRef"))
            shared.flows.append(MessageFlow(flow.get("id", ""), str(name), sender, receiver))


def read_lanes(holder: etree._Element, reading: Reading) -> None:
    """Note the lane of each element; of nested lanes the innermost counts."""
    for lane_set in children(holder, "laneSet"):
        _read_lane_set(lane_set, reading)


def _read_lane_set(lane_set: etree._Element, reading: Reading) -> None:
    for lane in children(lane_set, "lane"):
        for reference in children(lane, "flowNodeRef"):
            reading.lanes[(reference.text or "").strip().rpartition(":")[2]] = lane.get("name", "")
        inner = child(lane, "childLaneSet")
        if inner is not None:
            _read_lane_set(inner, reading)
