"""Show a model as plain data: what it asks, what it decides, its tables with parsed cells."""

from __future__ import annotations

from motcua.process.dmn import nodes
from motcua.process.dmn.cells import parse_cell
from motcua.process.dmn.types import (
    Aggregation,
    Cell,
    DecisionInfo,
    HitPolicy,
    InputInfo,
    ServiceInfo,
    TableInfo,
    TableInput,
    TableOutput,
    TableRule,
)
from motcua.process.dmn.typetable import TypeTable
from motcua.process.dmn.walking import walk

_POLICIES: dict[str, HitPolicy] = {
    "UNIQUE": "UNIQUE", "ANY": "ANY", "PRIORITY": "PRIORITY", "FIRST": "FIRST", "RULE ORDER": "RULE ORDER",
    "OUTPUT ORDER": "OUTPUT ORDER", "COLLECT": "COLLECT",
}  # fmt: skip
_AGGREGATIONS: dict[str, Aggregation] = {"SUM": "SUM", "COUNT": "COUNT", "MIN": "MIN", "MAX": "MAX"}


def describe_inputs(definitions: nodes.Definitions, types: TypeTable) -> tuple[InputInfo, ...]:
    """List the input data of a model."""
    return tuple(
        InputInfo(item.id, item.name, item.variable.type_ref, _allowed(None, item.variable.type_ref, types))
        for item in definitions.elements
        if isinstance(item, nodes.InputData)
    )


def describe_decisions(definitions: nodes.Definitions) -> tuple[DecisionInfo, ...]:
    """List the decisions of a model; `requires` names elements by id."""
    return tuple(
        DecisionInfo(
            item.id,
            item.name,
            item.variable.type_ref,
            item.label,
            item.question,
            tuple(identity for _namespace, identity in (*item.inputs, *item.decisions, *item.knowledge)),
        )
        for item in definitions.elements
        if isinstance(item, nodes.Decision)
    )


def describe_services(definitions: nodes.Definitions) -> tuple[ServiceInfo, ...]:
    """List the decision services of a model; parameters and outputs by id."""
    return tuple(
        ServiceInfo(
            item.id,
            item.name,
            tuple(identity for _namespace, identity in (*item.inputs, *item.decisions)),
            tuple(identity for _namespace, identity in item.outputs),
        )
        for item in definitions.elements
        if isinstance(item, nodes.Service)
    )


def describe_tables(definitions: nodes.Definitions, types: TypeTable) -> tuple[TableInfo, ...]:
    """List all decision tables, those inside other expressions included."""
    found: list[TableInfo] = []
    for element in definitions.elements:
        if isinstance(element, (nodes.Decision, nodes.Knowledge)):
            found += [_table(table, element, types) for table in walk(element.logic) if isinstance(table, nodes.Table)]
    return tuple(found)


def _allowed(tests: nodes.Literal | None, type_ref: str, types: TypeTable) -> Cell | None:
    text = tests.text if tests is not None else types.allowed_text(type_ref)
    return parse_cell(text) if text else None


def _table(node: nodes.Table, owner: nodes.Decision | nodes.Knowledge, types: TypeTable) -> TableInfo:
    inputs = tuple(
        TableInput(
            item.id,
            item.label,
            item.expression.text,
            item.expression.type_ref,
            _allowed(item.allowed, item.expression.type_ref, types),
        )
        for item in node.inputs
    )
    outputs = tuple(
        TableOutput(
            item.id,
            item.name,
            item.label,
            item.type_ref,
            _allowed(item.allowed, item.type_ref, types),
            "" if item.default is None else item.default.text,
        )
        for item in node.outputs
    )
    rules = tuple(
        TableRule(
            rule.id,
            tuple(parse_cell(entry.text) for entry in rule.inputs),
            tuple(entry.text for entry in rule.outputs),
            rule.annotations,
        )
        for rule in node.rules
    )
    policy = _POLICIES.get(node.hit_policy, "UNIQUE")
    aggregation = _AGGREGATIONS.get(node.aggregation, "") if policy == "COLLECT" else ""
    return TableInfo(node.id, owner.id, owner.name, policy, aggregation, inputs, outputs, rules, node.annotations)
