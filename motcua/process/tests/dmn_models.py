"""Small decision models written by hand, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from motcua.process.dmn import DecisionModel, DecisionResult, load_model, parse_decisions

DMN15 = "https://www.omg.org/spec/DMN/20230324/MODEL/"
DMN14 = "https://www.omg.org/spec/DMN/20211108/MODEL/"
DMN13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DMN12 = "http://www.omg.org/spec/DMN/20180521/MODEL/"
DMN11 = "http://www.omg.org/spec/DMN/20151101/dmn.xsd"
ALL_NAMESPACES = (DMN11, DMN12, DMN13, DMN14, DMN15)
OWN = "https://example.vn/decisions"


def definitions(*parts: str, namespace: str = OWN, standard: str = DMN15) -> bytes:
    text = "".join(parts)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="{standard}" '
        f'xmlns:feel="http://www.omg.org/spec/FEEL/20140401" id="d" name="d" namespace="{namespace}">{text}'
        "</definitions>"
    ).encode()


def of_type(kind: str) -> str:
    return f" typeRef={quoteattr(kind)}" if kind else ""


def literal(text: str, kind: str = "", identity: str = "") -> str:
    mark = f' id="{identity}"' if identity else ""
    return f"<literalExpression{mark}{of_type(kind)}><text>{escape(text)}</text></literalExpression>"


def input_data(name: str, kind: str = "") -> str:
    return (
        f"<inputData id={quoteattr('i_' + name)} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)}{of_type(kind)}/></inputData>"
    )


def needs(decisions: Sequence[str] = (), inputs: Sequence[str] = (), knowledge: Sequence[str] = ()) -> str:
    """Requirements by href; without a "#" the usual prefix of the kind is meant."""

    def href(name: str, prefix: str) -> str:
        return quoteattr(name if "#" in name else f"#{prefix}{name}")

    return (
        "".join(
            f"<informationRequirement><requiredDecision href={href(n, 'd_')}/></informationRequirement>"
            for n in decisions
        )
        + "".join(
            f"<informationRequirement><requiredInput href={href(n, 'i_')}/></informationRequirement>" for n in inputs
        )
        + "".join(
            f"<knowledgeRequirement><requiredKnowledge href={href(n, 'k_')}/></knowledgeRequirement>" for n in knowledge
        )
    )


def decision(name: str, logic: str, kind: str = "", required: str = "") -> str:
    return (
        f"<decision id={quoteattr('d_' + name)} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)}{of_type(kind)}/>{required}{logic}</decision>"
    )


def parameter(name: str, kind: str = "") -> str:
    return f"<formalParameter name={quoteattr(name)}{of_type(kind)}/>"


def knowledge(name: str, parameters: str, body: str, kind: str = "", required: str = "", function: str = "") -> str:
    return (
        f"<businessKnowledgeModel id={quoteattr('k_' + name)} name={quoteattr(name)}><variable name={quoteattr(name)}"
        f"{of_type(kind)}/><encapsulatedLogic {function}>{parameters}{body}</encapsulatedLogic>{required}"
        "</businessKnowledgeModel>"
    )


def service(
    name: str,
    outputs: Sequence[str],
    inputs: Sequence[str] = (),
    decisions: Sequence[str] = (),
    encapsulated: Sequence[str] = (),
    kind: str = "",
) -> str:
    parts = [f'<outputDecision href="#d_{item}"/>' for item in outputs]
    parts += [f'<encapsulatedDecision href="#d_{item}"/>' for item in encapsulated]
    parts += [f'<inputDecision href="#d_{item}"/>' for item in decisions]
    parts += [f'<inputData href="#i_{item}"/>' for item in inputs]
    return (
        f"<decisionService id={quoteattr('k_' + name)} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)}{of_type(kind)}/>{''.join(parts)}</decisionService>"
    )


def item(name: str, base: str = "", *, allowed: str = "", constraint: str = "", many: bool = False, parts: str = "",
         tag: str = "itemDefinition") -> str:  # fmt: skip
    collection = ' isCollection="true"' if many else ""
    inside = f"<typeRef>{escape(base)}</typeRef>" if base else ""
    inside += f"<allowedValues><text>{escape(allowed)}</text></allowedValues>" if allowed else ""
    inside += f"<typeConstraint><text>{escape(constraint)}</text></typeConstraint>" if constraint else ""
    return f"<{tag} name={quoteattr(name)}{collection}>{inside}{parts}</{tag}>"


def component(name: str, base: str = "", **options: Any) -> str:
    return item(name, base, tag="itemComponent", **options)


def table(
    inputs: Sequence[str | tuple[str, str] | tuple[str, str, str]],
    outputs: Sequence[Mapping[str, str]],
    rules: Sequence[tuple[Sequence[str], Sequence[str]]],
    policy: str = "UNIQUE",
    aggregation: str = "",
) -> str:
    """Write a table: inputs as (expression, type, allowed values); outputs with name, type, values, default."""
    asks = ""
    for ask in inputs:
        text, kind, allowed = (ask, "", "") if isinstance(ask, str) else (*ask, "", "")[:3]
        values = f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else ""
        asks += f"<input><inputExpression{of_type(kind)}><text>{escape(text)}</text></inputExpression>{values}</input>"
    answers = ""
    for output in outputs:
        name = f" name={quoteattr(output['name'])}" if "name" in output else ""
        values = f"<outputValues><text>{escape(output['values'])}</text></outputValues>" if "values" in output else ""
        if "default" in output:
            values += f"<defaultOutputEntry><text>{escape(output['default'])}</text></defaultOutputEntry>"
        answers += f"<output{name}{of_type(output.get('type', ''))}>{values}</output>"
    rows = "".join(
        f'<rule id="r{number}">'
        + "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells)
        + "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in results)
        + "</rule>"
        for number, (cells, results) in enumerate(rules, start=1)
    )
    fold = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable id="t" hitPolicy="{policy}"{fold}>{asks}{answers}{rows}</decisionTable>'


def ask(xml: bytes, name: str, inputs: Mapping[str, Any] | None = None, **options: Any) -> Any:
    """Read a sound model and return the value of a decision."""
    return parse_decisions(xml, **options).evaluate(name, inputs or {}).value


def look(xml: bytes, name: str, inputs: Mapping[str, Any] | None = None, **options: Any) -> DecisionResult:
    """Read a model that may be faulty and return a decision's value with its issues."""
    return load_model(xml, **options).evaluate(name, inputs or {})


def one_table(*parts: Any, kind: str = "", names: Sequence[str] = ("a",), **options: Any) -> DecisionModel:
    """Return a model of one decision `r` that is a table over untyped inputs."""
    inputs = "".join(input_data(name) for name in names)
    return parse_decisions(definitions(inputs, decision("r", table(*parts, **options), kind, needs(inputs=names))))


def number(value: int | str) -> Decimal:
    return Decimal(value)
