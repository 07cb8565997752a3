"""Small drawings for tests: BPMN files written by hand-sized calls, in the style of Camunda Modeler."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="defs" targetNamespace="test">'
)


def drawing(*parts: str, messages: tuple[str, ...] = (), head: str = "", process_id: str = "p") -> bytes:
    """Wrap the parts of a process in a whole file; message `m` has the id `msg_m`."""
    declared = "".join(f"<bpmn:message id={quoteattr('msg_' + name)} name={quoteattr(name)} />" for name in messages)
    body = f'<bpmn:process id="{process_id}" name="Thử" isExecutable="true">{"".join(parts)}</bpmn:process>'
    return f"{_HEAD}{head}{declared}{body}</bpmn:definitions>".encode()


def properties(**values: str) -> str:
    inner = "".join(f"<zeebe:property name={quoteattr(k)} value={quoteattr(v)} />" for k, v in values.items())
    return f"<zeebe:properties>{inner}</zeebe:properties>" if inner else ""


def _node(tag: str, element_id: str, *, extra: str = "", extensions: str = "", attributes: str = "") -> str:
    held = f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>" if extensions else ""
    return f'<bpmn:{tag} id="{element_id}" name="{element_id}" {attributes}>{held}{extra}</bpmn:{tag}>'


def start(element_id: str = "start", extra: str = "", **props: str) -> str:
    return _node("startEvent", element_id, extra=extra, extensions=properties(**props))


def end(element_id: str = "end", *, terminate: bool = False, **props: str) -> str:
    extra = "<bpmn:terminateEventDefinition />" if terminate else ""
    return _node("endEvent", element_id, extra=extra, extensions=properties(**props))


def user(element_id: str, role: str = "counter", screen: str = "s", **props: str) -> str:
    parts = f'<zeebe:assignmentDefinition candidateGroups="{role}" />' if role else ""
    parts += f'<zeebe:formDefinition formId="{screen}" />' if screen else ""
    return _node("userTask", element_id, extensions=parts + properties(**props))


def service(element_id: str, topic: str = "t", mapping: str = "") -> str:
    held = f'<zeebe:taskDefinition type="{topic}" />' if topic else ""
    held += f"<zeebe:ioMapping>{mapping}</zeebe:ioMapping>" if mapping else ""
    return _node("serviceTask", element_id, extensions=held)


def script(element_id: str, expression: str, result: str) -> str:
    return _node(
        "scriptTask",
        element_id,
        extensions=f"<zeebe:script expression={quoteattr(expression)} resultVariable={quoteattr(result)} />",
    )


def gateway(element_id: str, kind: str = "exclusive", default: str = "") -> str:
    return _node(f"{kind}Gateway", element_id, attributes=f'default="{default}"' if default else "")


def timer(duration: str = "", *, date: str = "", cycle: str = "") -> str:
    inner = f"<bpmn:timeDuration>{escape(duration)}</bpmn:timeDuration>" if duration else ""
    inner += f"<bpmn:timeDate>{escape(date)}</bpmn:timeDate>" if date else ""
    inner += f"<bpmn:timeCycle>{escape(cycle)}</bpmn:timeCycle>" if cycle else ""
    return f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>"


def message(name: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="msg_{name}" />'


def catch(element_id: str, definition: str, **props: str) -> str:
    return _node("intermediateCatchEvent", element_id, extra=definition, extensions=properties(**props))


def boundary(element_id: str, host: str, definition: str, *, interrupting: bool = True, **props: str) -> str:
    attributes = f'attachedToRef="{host}"' + ("" if interrupting else ' cancelActivity="false"')
    return _node("boundaryEvent", element_id, extra=definition, attributes=attributes, extensions=properties(**props))


def flow(source: str, target: str, condition: str = "", flow_id: str = "") -> str:
    name = flow_id or f"{source}__{target}"
    inner = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(condition)}</bpmn:conditionExpression>'
        if condition
        else ""
    )
    return f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'


def chain(*ids: str) -> str:
    """Join the elements one after another."""
    return "".join(flow(a, b) for a, b in zip(ids, ids[1:], strict=False))


def one_stop() -> bytes:
    """A procedure in small: receive with one supplement, appraise, sign, with withdrawal and a deadline."""
    accept, ask = '=outcome = "accept"', '=outcome = "supplement"'
    return drawing(
        start(stage="submitted"),
        user("receive", outcomes="accept|supplement|refuse", share_workdays="1"),
        boundary("withdraw_receive", "receive", message("withdraw")),
        gateway("received", default="to_refused"),
        flow("received", "appraise", accept),
        flow("received", "wait", ask),
        flow("received", "refused", flow_id="to_refused"),
        gateway("wait", "eventBased"),
        catch("answered", message("supplement_received"), stage="waiting_applicant"),
        catch("too_late", timer("P15D"), counts="workday"),
        user("appraise", role="specialist", outcomes="approve|reject", stage="in_progress"),
        boundary("withdraw_appraise", "appraise", message("withdraw")),
        boundary("hurry", "appraise", timer("P1D"), interrupting=False),
        end("hurried"),
        service("prepare", "prepare"),
        gateway("decided", default="to_rejected"),
        flow("decided", "approved", '=outcome = "approve"'),
        flow("decided", "rejected", flow_id="to_rejected"),
        end("approved", outcome="approved"),
        end("rejected", outcome="rejected"),
        end("refused", outcome="returned"),
        end("stopped", outcome="stopped"),
        end("withdrawn", outcome="withdrawn", terminate=True),
        chain("start", "receive", "received"),
        flow("wait", "answered") + flow("wait", "too_late") + chain("answered", "receive"),
        chain("too_late", "stopped"),
        chain("appraise", "prepare", "decided"),
        chain("hurry", "hurried"),
        chain("withdraw_receive", "withdrawn") + chain("withdraw_appraise", "withdrawn"),
        messages=("withdraw", "supplement_received"),
    )


def fork_join() -> bytes:
    """Two tasks side by side, then one."""
    return drawing(
        start(),
        gateway("fork", "parallel"),
        user("a"),
        user("b"),
        gateway("join", "parallel"),
        user("c"),
        end(outcome="approved"),
        chain("start", "fork", "a", "join", "c", "end"),
        chain("fork", "b", "join"),
    )


def declare(*, signals: tuple[str, ...] = (), errors: tuple[str, ...] = (), escalations: tuple[str, ...] = ()) -> str:
    """Declare signals, errors and escalations of the file: `sig_x`, `err_x`, `esc_x`."""
    parts = [f'<bpmn:signal id="sig_{name}" name="{name}" />' for name in signals]
    parts += [f'<bpmn:error id="err_{code}" errorCode="{code}" />' for code in errors]
    parts += [f'<bpmn:escalation id="esc_{code}" escalationCode="{code}" />' for code in escalations]
    return "".join(parts)


def signal(name: str) -> str:
    return f'<bpmn:signalEventDefinition signalRef="sig_{name}" />'


def error(code: str = "") -> str:
    return f'<bpmn:errorEventDefinition errorRef="err_{code}" />' if code else "<bpmn:errorEventDefinition />"


def escalation(code: str = "") -> str:
    reference = f' escalationRef="esc_{code}"' if code else ""
    return f"<bpmn:escalationEventDefinition{reference} />"


def condition(expression: str) -> str:
    inner = f'<bpmn:condition xsi:type="bpmn:tFormalExpression">{escape(expression)}</bpmn:condition>'
    return f"<bpmn:conditionalEventDefinition>{inner}</bpmn:conditionalEventDefinition>"


def link(name: str) -> str:
    return f'<bpmn:linkEventDefinition name="{name}" />'


def throw(element_id: str, definition: str = "", extensions: str = "", **props: str) -> str:
    return _node("intermediateThrowEvent", element_id, extra=definition, extensions=extensions + properties(**props))


def end_with(element_id: str, definition: str, **props: str) -> str:
    return _node("endEvent", element_id, extra=definition, extensions=properties(**props))


def sub(element_id: str, *parts: str, loop: str = "", extensions: str = "") -> str:
    """An embedded sub-process."""
    return _node("subProcess", element_id, extra=loop + "".join(parts), extensions=extensions)


def handler(element_id: str, definition: str, *parts: str, interrupting: bool = True) -> str:
    """An event sub-process; its start event is `<id>_start`."""
    attributes = "" if interrupting else ' isInterrupting="false"'
    begin = f'<bpmn:startEvent id="{element_id}_start"{attributes}>{definition}</bpmn:startEvent>'
    return _node("subProcess", element_id, extra=begin + "".join(parts), attributes='triggeredByEvent="true"')


def call(element_id: str, process: str, *, mapping: str = "", takes: bool = True, gives: bool = True) -> str:
    held = (
        f'<zeebe:calledElement processId="{process}" propagateAllParentVariables="{str(takes).lower()}"'
        f' propagateAllChildVariables="{str(gives).lower()}" />'
    )
    held += f"<zeebe:ioMapping>{mapping}</zeebe:ioMapping>" if mapping else ""
    return _node("callActivity", element_id, extensions=held)


def several(
    collection: str = "", *, cardinality: str = "", item: str = "", result: str = "", into: str = "",
    until: str = "", one_by_one: bool = False,
) -> str:  # fmt: skip
    """Multi-instance in the style of Camunda 8."""
    held = "".join(
        f" {name}={quoteattr(value)}"
        for name, value in (
            ("inputCollection", collection), ("inputElement", item), ("outputElement", result),
            ("outputCollection", into),
        )
        if value
    )  # fmt: skip
    inner = f"<bpmn:extensionElements><zeebe:loopCharacteristics{held} /></bpmn:extensionElements>" if held else ""
    inner += f"<bpmn:loopCardinality>{escape(cardinality)}</bpmn:loopCardinality>" if cardinality else ""
    inner += f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>" if until else ""
    flag = ' isSequential="true"' if one_by_one else ""
    return f"<bpmn:multiInstanceLoopCharacteristics{flag}>{inner}</bpmn:multiInstanceLoopCharacteristics>"


def task(element_id: str, loop: str = "", *, kind: str = "userTask", extensions: str = "") -> str:
    """Any task with a loop on it."""
    held = extensions or '<zeebe:assignmentDefinition candidateGroups="counter" />'
    return _node(kind, element_id, extra=loop, extensions=held)
