"""One completed user task (load, advance, serialise) beside SpiffWorkflow on one drawing; loading 740 processes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import orjson
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from benchmarks import Promise
from motcua.cases.public import deploy_process, get_process_definition
from motcua.process.public import (
    CreateTask,
    ProcessDefinition,
    TaskCompleted,
    advance,
    open_elements,
    parse_process,
    start,
)

DRAWING = Path(__file__).parent / "process_case.bpmn"
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
PROCESSES = 740
ORDER = ("u1", "u2", "u4", "u5", "u6", "u7", "u8", "u9")


def run() -> list[Promise]:
    """Walk whole cases with both engines; then load many deployed processes, cold and warm."""
    definition = parse_process(DRAWING.read_bytes())
    ours = [took for _ in range(200) for took, _ in walk_ours(definition)]
    sizes = [size for _, size in walk_ours(definition)]
    theirs = [took for _ in range(3) for took in walk_spiff()]
    ratio = median(theirs) / median(ours)
    return [
        Promise(
            "process: SpiffWorkflow ÷ ours, one user task with load and serialise",
            ratio,
            30,
            at_least=True,
            detail=f"{median(ours) * 1e6:,.0f} µs beside {median(theirs) * 1e3:,.1f} ms",
        ),
        Promise("process: largest state of the case", max(sizes), 4096, at_least=False, unit="bytes"),
        *measure_loading(),
    ]


def walk_ours(definition: ProcessDefinition) -> Iterator[tuple[float, int]]:
    """Yield the time and the stored size of each completed task of one case."""
    stored = orjson.dumps(start(definition, {"channel": "online"}, now=NOW).state)
    for element_id in ORDER:
        token = next(w.token for w in open_elements(definition, orjson.loads(stored)) if w.element_id == element_id)
        started = perf_counter()
        step = advance(definition, orjson.loads(stored), TaskCompleted(token, {"approved": True}), now=NOW)
        stored = orjson.dumps(step.state)
        yield perf_counter() - started, len(stored)
        assert all(command.role == "counter" for command in step.commands if isinstance(command, CreateTask))
    assert orjson.loads(stored)["ended"] is True


class _Durations(PythonScriptEngine):  # type: ignore[misc]  # the library has no types
    """SpiffWorkflow computes a duration as Python; the drawing writes it as the standard does."""

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        if expression.startswith("P"):
            return expression
        return super().evaluate(task, expression, external_context)


def walk_spiff() -> Iterator[float]:
    """Yield the time of each completed task of one case, with its own way to store a workflow."""
    parser = BpmnParser()
    parser.add_bpmn_io(BytesIO(DRAWING.read_bytes()))
    workflow = BpmnWorkflow(parser.get_spec("ten_tasks"), script_engine=_Durations())
    serializer = BpmnWorkflowSerializer()
    workflow.do_engine_steps()
    stored = serializer.serialize_json(workflow)
    for element_id in ORDER:
        started = perf_counter()
        workflow = serializer.deserialize_json(stored)
        workflow.script_engine = _Durations()
        (task,) = [
            one for one in workflow.get_tasks(state=TaskState.READY, manual=True) if one.task_spec.name == element_id
        ]
        task.data["approved"] = True
        task.run()
        workflow.do_engine_steps()
        stored = serializer.serialize_json(workflow)
        yield perf_counter() - started
    assert workflow.is_completed()


def measure_loading() -> list[Promise]:
    """Deploy many different processes; load them all in a fresh process, then again from the kept compiled form."""
    from motcua.cases.models import ProcessVersion
    from motcua.cases.queries import processes

    text = DRAWING.read_bytes()
    ids = []
    for number in range(PROCESSES):
        key = f"bench-{number}"
        ids.append(deploy_process(key, xml=text.replace(b"Ten tasks", key.encode()), now=NOW).id)
    processes.forget_all()
    started = perf_counter()
    texts = [row.bpmn_xml for row in ProcessVersion.objects.filter(pk__in=ids)]
    for one in texts:
        parse_process(one.encode())
    plain = perf_counter() - started
    processes.forget_all()
    started = perf_counter()
    assert len(processes.get_process_definitions(ids)) == PROCESSES
    cold = perf_counter() - started
    one_by_one = _time_loading(ids)
    warm = _time_loading(ids)
    started = perf_counter()
    for one in texts:
        etree.fromstring(one.encode())
    only_xml = perf_counter() - started
    detail = f"{cold:.2f} s cold in one query, then {one_by_one:.2f} s by {PROCESSES} queries, "
    detail += f"{warm * 1e3:.1f} ms from the compiled form, XML alone {only_xml:.2f} s"
    return [
        Promise(f"process: load {PROCESSES} definitions ÷ (read bytes + parse once)", cold / plain, 2, at_least=False,
                detail=detail),
        Promise(f"process: load {PROCESSES} definitions again ÷ (read bytes + parse once)", warm / plain, 0.1,
                at_least=False),
    ]  # fmt: skip


def _time_loading(ids: list[int]) -> float:
    started = perf_counter()
    for process_version_id in ids:
        get_process_definition(process_version_id)
    return perf_counter() - started
