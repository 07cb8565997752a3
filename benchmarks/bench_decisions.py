"""A fee table of 40 rules and 6 inputs, evaluated on one core: rate, and ratio to SpiffWorkflow's DMN engine."""

from __future__ import annotations

import importlib
import importlib.util
import random
import time
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from benchmarks import Promise

RULES, ROUNDS, CASES = 40, 20_000, 200
RATE, RATIO = 50_000, 20
CHANNELS = ("online", "counter", "post")
KINDS = ("person", "household", "enterprise", "agency")
NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"
OLD_NAMESPACE = "http://www.omg.org/spec/DMN/20151101/dmn.xsd"
COLUMNS = (
    ("channel", "string"), ("kind", "string"), ("copies", "number"), ("pages", "number"), ("urgent", "boolean"),
    ("age", "number"),
)  # fmt: skip


def run() -> list[Promise]:
    """Measure in processor time of this process: other load on the machine does not count."""
    from motcua.process.dmn import parse_decisions
    from motcua.process.feel.values import to_values

    model = parse_decisions(make_table(NAMESPACE))
    cases = [to_values(case) for case in make_cases()]
    rate = _rate(lambda case: model.evaluate("fee", case), cases, ROUNDS)
    found = [Promise("Bảng phí 40 luật x 6 đầu vào", rate, RATE, at_least=True, unit="lượt/giây/nhân")]
    other = _rate_of_spiff(make_cases())
    if other is not None:
        detail = f"SpiffWorkflow {other:,.0f}/giây"
        found.append(Promise("So với DMN của SpiffWorkflow", rate / other, RATIO, at_least=True, detail=detail))
    return found


def make_cases() -> list[dict[str, Any]]:
    """Return invented requests, a third of which match nothing but the last rules."""
    chance = random.Random(7)
    return [
        {
            "channel": chance.choice(CHANNELS),
            "kind": chance.choice(KINDS),
            "copies": Decimal(chance.randint(1, 40)),
            "pages": Decimal(chance.randint(1, 200)),
            "urgent": chance.random() < 0.3,
            "age": Decimal(chance.randint(1, 90)),
        }
        for _number in range(CASES)
    ]


def make_table(namespace: str, *, is_python: bool = False) -> bytes:
    """Write the table in a namespace of the standard; its cells in FEEL, or in Python for the other engine."""
    chance = random.Random(3)
    inputs = "".join(f'<inputData id="i_{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'
                     for name, kind in COLUMNS)  # fmt: skip
    needs = "".join(
        f'<informationRequirement><requiredInput href="#i_{name}"/></informationRequirement>' for name, _ in COLUMNS
    )
    asks = "".join(
        f'<input id="c_{name}" label="{name}"><inputExpression id="e_{name}" typeRef="{kind}"><text>{name}</text>'
        "</inputExpression></input>"
        for name, kind in COLUMNS
    )
    policy = "UNIQUE" if is_python else "FIRST"  # the other engine's UNIQUE stops at the first match
    rules = "".join(_rule(number, chance, is_python=is_python) for number in range(RULES))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="{namespace}" id="fees" name="fees" '
        f'namespace="https://example.vn/bench">{inputs}<decision id="fee" name="fee"><variable name="fee" '
        f'typeRef="number"/>{needs}<decisionTable id="t" hitPolicy="{policy}">{asks}'
        f'<output id="o" label="fee" name="fee" typeRef="number"/>{rules}</decisionTable></decision></definitions>'
    ).encode()


def _rule(number: int, chance: random.Random, *, is_python: bool) -> str:
    is_last = number >= RULES - 2
    copies, pages, age = chance.randint(1, 30), chance.randint(1, 150), chance.randint(1, 60)
    cells = (
        f'"{CHANNELS[number % 3]}"',
        f'"{KINDS[number % 4]}"',
        f"? &gt;= {copies} and ? &lt;= {copies + 10}" if is_python else f"[{copies}..{copies + 10}]",
        f"&gt;= {pages}",
        ("True", "False")[number % 2] if is_python else ("true", "false")[number % 2],
        f"? &gt;= {age} and ? &lt;= {age + 30}" if is_python else f"[{age}..{age + 30}]",
    )
    if is_last:
        cells = ("-",) * 6
    entries = "".join(
        f'<inputEntry id="x{number}_{place}"><text>{cell}</text></inputEntry>' for place, cell in enumerate(cells)
    )
    output = f'<outputEntry id="y{number}"><text>{1000 * (number + 1)}</text></outputEntry>'
    return f'<rule id="r{number}">{entries}{output}</rule>'


def _rate(act: Callable[[Any], object], cases: list[Any], rounds: int) -> float:
    best = 0.0
    for _turn in range(3):
        start = time.process_time()
        for number in range(rounds):
            act(cases[number % len(cases)])
        best = max(best, rounds / (time.process_time() - start))
    return best


def _rate_of_spiff(cases: list[dict[str, Any]]) -> float | None:
    """Measure SpiffWorkflow on the same rules, written in Python as it wants them; None when it is not installed."""
    if importlib.util.find_spec("SpiffWorkflow") is None:
        return None
    script_engine = importlib.import_module("SpiffWorkflow.bpmn.script_engine").PythonScriptEngine()
    engine_class = importlib.import_module("SpiffWorkflow.dmn.engine.DMNEngine").DMNEngine
    parser_class = importlib.import_module("SpiffWorkflow.dmn.parser.DMNParser").DMNParser
    from lxml import etree

    parser = parser_class(None, etree.fromstring(make_table(OLD_NAMESPACE, is_python=True)), {"dmn": OLD_NAMESPACE})
    parser.parse()
    engine = engine_class(parser.decision.decisionTables[0])
    workflow = SimpleNamespace(script_engine=script_engine)
    tasks = [SimpleNamespace(data=case, workflow=workflow) for case in cases]
    _check_same(engine, tasks)
    return _rate(engine.result, tasks, len(tasks))


def _check_same(engine: Any, tasks: list[Any]) -> None:
    """Both engines must say the same, or the ratio compares two different things."""
    from motcua.process.dmn import parse_decisions

    model = parse_decisions(make_table(NAMESPACE))
    for task in tasks:
        ours, theirs = model.evaluate("fee", task.data).value, engine.result(task).get("fee")
        if ours != theirs:
            raise AssertionError(f"{ours} != {theirs}: {task.data}")
