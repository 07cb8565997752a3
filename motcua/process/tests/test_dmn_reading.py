"""The reader of decision models: refusals, bounds, and mutated files that never break it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.process.dmn import DecisionModelError, load_model, parse_decisions
from motcua.process.dmn.source import MAX_BYTES
from motcua.process.tests.dmn_models import (
    component,
    decision,
    definitions,
    input_data,
    item,
    knowledge,
    literal,
    needs,
    parameter,
    service,
    table,
)

SOUND = definitions(
    item("tFee", parts=component("Số tiền", "number", allowed="[0..1000000]")),
    item("tKinds", "string", many=True, allowed='"a", "b"'),
    input_data("kind", "tKinds"),
    decision(
        "fee",
        table(
            [("count(kind)", "number", "[0..10]")],
            [{"name": "x", "values": "1, 2", "default": "2"}],
            [(["> 1"], ["1"])],
        ),
        "number",
        needs(inputs=["kind"]),
    ),
    knowledge("f", parameter("n", "number"), literal("n * 2")),
    decision("r", literal("f(fee)"), "number", needs(["fee"], knowledge=["f"])),
    decision(
        "boxes",
        '<context><contextEntry><variable name="x"/><list><relation><column name="c"/><row><literalExpression><text>1'
        '</text></literalExpression></row></relation></list></contextEntry><contextEntry><for iteratorVariable="i"><in>'
        "<literalExpression><text>1..3</text></literalExpression></in><return><literalExpression><text>i</text>"
        "</literalExpression></return></for></contextEntry></context>",
    ),
    service("s", ["r"], ["kind"], ["fee"]),
)


def code_of(xml: bytes) -> str:
    with pytest.raises(DecisionModelError) as caught:
        parse_decisions(xml)
    assert caught.value.message.startswith("Chưa dùng được mô hình quyết định này.")
    return caught.value.problems[0].code


def test_the_sound_model_is_sound() -> None:
    model = parse_decisions(SOUND)
    assert model.evaluate("r", {"kind": ["a", "b"]}).value == 2
    assert model.evaluate("boxes", {}).value == [1, 2, 3]


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "xml_encoding"),
        (b"<a", "xml_unreadable"),
        (b"<a/>", "not_dmn"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "not_dmn"),
        (b"<?xml version='1.0' encoding='UTF-16'?><a/>", "xml_encoding"),
        ('<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"), "xml_encoding"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml_doctype"),
        (b"<a>" + b" " * MAX_BYTES + b"</a>", "xml_too_large"),
        (b"<a>" + b"<b/>" * 200_001 + b"</a>", "xml_too_large"),
        (b"<a>" * 300 + b"</a>" * 300, "xml_unreadable"),
    ],
)
def test_files_that_are_refused(xml: bytes, code: str) -> None:
    assert code_of(xml) == code


def test_entities_expand_to_nothing() -> None:
    lines = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 30))
    assert code_of(f'<!DOCTYPE d [<!ENTITY a0 "x">{lines}]><d>&a29;</d>'.encode()) == "xml_doctype"


def test_names_and_ids_are_unique_and_present() -> None:
    xml = definitions(decision("a", literal("1")), decision("a", literal("2")), '<decision id="n"/>')
    with pytest.raises(DecisionModelError) as caught:
        parse_decisions(xml)
    found = {(problem.element_id, problem.code) for problem in caught.value.problems}
    assert found == {("d_a", "duplicate_id"), ("d_a", "duplicate_name"), ("n", "no_name")}


def test_comments_and_foreign_elements_are_passed_over() -> None:
    xml = SOUND.replace(b"<decision ", b'<!-- note --><x:y xmlns:x="urn:x">text</x:y><decision ')
    assert parse_decisions(xml).evaluate("r", {"kind": ["a", "b"]}).value == 2


PIECES = re.findall(r"<[^>]+>|[^<]+", SOUND.decode())
WORDS = st.sampled_from(
    ["<decision>", "</decision>", "<literalExpression>", "<text>", "</text>", "<context/>", 'name="r"', "<rule/>",
     "<in/>", "<list/>", "(((", "for x in", "-", "null", '"', "&lt;",
     "<itemDefinition name='tFee' isCollection='true'/>",
     "\x0b",
     "<requiredDecision href='#d_r'/>", "<row/>", "\u202e", "1e999", "[..]", "<functionDefinition kind='Java'/>"]
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(PIECES) - 1), st.sampled_from("xdsw"), WORDS), min_size=1, max_size=4))
def test_mutated_models_are_read_or_refused_and_never_break(changes: list[tuple[int, str, str]]) -> None:
    pieces = list(PIECES)
    for place, act, word in changes:
        if act == "x":
            pieces[place] = ""
        elif act == "d":
            pieces[place] *= 2
        elif act == "s":
            pieces[place], pieces[place - 1] = pieces[place - 1], pieces[place]
        else:
            pieces[place] = word
    xml = "".join(pieces).encode()
    try:
        model = load_model(xml)
    except DecisionModelError as error:
        assert error.problems
        return
    assert isinstance(model.problems, tuple)
    for name in model.graph.elements:
        try:
            model.evaluate(name, {"kind": ["a"]})
            model.invoke(name, {"n": 1, "kind": []})
        except KeyError:
            continue


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(DecisionModelError):
        load_model(raw)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_may_stand_in_an_expression(text: str) -> None:
    clean = "".join(mark for mark in text if mark.isprintable())
    model = load_model(definitions(decision("r", literal(clean)), decision("good", literal("1"))))
    model.evaluate("r", {})
    assert model.evaluate("good", {}).value == 1
