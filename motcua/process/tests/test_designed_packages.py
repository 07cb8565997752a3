"""The packages that ship with the project: each can be read, filled in, run to every end, and printed."""

from __future__ import annotations

import json
import random
import tomllib
from collections import deque
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from motcua.process import public as p
from motcua.process.tests.answers import WARDS, make_data, to_post

DESIGNED = Path(__file__).resolve().parents[2] / "procedures" / "designed"
PACKAGES = sorted(folder.name for folder in DESIGNED.iterdir() if folder.is_dir() and folder.name[0] != "_")
PROCESSES = [*PACKAGES, "_standard"]
ROLES = ("counter", "specialist", "leader")
SCREENS = ("dossiers.receive", "dossiers.appraise", "dossiers.sign", "dossiers.deliver")
TOPICS = {"dossiers.prepare_result", "dossiers.issue_result"}
OUTCOMES = {"approved", "rejected", "returned", "stopped", "withdrawn"}
STAGE_OF = {"approved": "delivered", "rejected": "delivered", "returned": "refused", "stopped": "stopped"}
STAGES = {"submitted", "accepted", "in_progress", "waiting_applicant", "decided", *STAGE_OF.values(), "withdrawn"}
APPLICANT = {"applicant.full_name", "applicant.personal_id", "applicant.phone"}
MINUTES_OF_A_WORKDAY = 480
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def read_process(slug: str) -> p.ProcessDefinition:
    return p.parse_process((DESIGNED / slug / "process.bpmn").read_bytes(), known_roles=ROLES, known_screens=SCREENS)


def read_form(slug: str) -> p.Form:
    return p.parse_form(json.loads((DESIGNED / slug / "form.json").read_text()))


def read_procedure(slug: str) -> dict[str, Any]:
    return tomllib.loads((DESIGNED / slug / "procedure.toml").read_text())


def next_events(definition: p.ProcessDefinition, state: dict[str, Any]) -> list[p.ProcessEvent]:
    """List everything that can happen now."""
    events: list[p.ProcessEvent] = []
    for token, place in state["tokens"].items():
        element = definition.get_element(place)
        if element.kind == "user":
            events += [p.TaskCompleted(token, {"outcome": outcome}) for outcome in element.outcomes]
        elif element.kind == "service":
            events.append(p.ServiceCompleted(token))
    for token, (_, place) in state["waits"].items():
        element = definition.get_element(place)
        events.append(p.MessageReceived(element.message) if element.message else p.TimerFired(token))
    return events


def shape_of(state: dict[str, Any]) -> str:
    """What a state is, whatever its tokens are called."""
    places = sorted(state["tokens"].values())
    return json.dumps([places, state["vars"], state["stage"], state["outcome"]], sort_keys=True)


@pytest.mark.parametrize("slug", PROCESSES)
@pytest.mark.parametrize("channels", [("online", "online"), ("online", "counter"), ("direct", None)])
def test_every_path_ends_and_every_outcome_is_reached(slug: str, channels: tuple[str, str | None]) -> None:
    definition = read_process(slug)
    variables = {"channel": channels[0]} | ({"result_channel": channels[1]} if channels[1] else {})
    first = p.start(definition, variables, now=NOW)
    waiting, before = deque([first.state]), {shape_of(first.state): set[str]()}
    ends: dict[str, str] = {}
    while waiting:
        state = waiting.popleft()
        for event in next_events(definition, state):
            after = p.advance(definition, state, event, now=NOW).state
            if shape_of(after) not in before:
                before[shape_of(after)] = set()
                waiting.append(after)
                if after["ended"]:
                    ends[after["outcome"]] = after["stage"]
            before[shape_of(after)].add(shape_of(state))
            assert len(json.dumps(after)) < 4096
    assert set(ends) == OUTCOMES
    assert ends == {"withdrawn": "withdrawn", **STAGE_OF}
    assert spread({shape for shape in before if json.loads(shape)[0] == []}, before) == set(before)


def spread(seeds: set[str], edges: dict[str, set[str]]) -> set[str]:
    waiting, seen = list(seeds), set[str]()
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting.extend(edges[current])
    return seen


@pytest.mark.parametrize("slug", PROCESSES)
def test_the_drawing_is_complete(slug: str) -> None:
    definition = read_process(slug)
    assert set(definition.roles) == set(ROLES)
    assert set(definition.topics) == TOPICS
    assert set(definition.messages) == {"withdraw", "supplement_received"}
    assert {"submitted", "accepted", "in_progress", "waiting_applicant", "decided", "delivered"} <= set(
        definition.stages
    )
    late = definition.get_element("supplement_late").timer
    assert late is not None
    assert (late.value, late.counts) == ("P15D", "workday")
    root = etree.fromstring((DESIGNED / slug / "process.bpmn").read_bytes())
    drawn = {node.get("bpmnElement") for node in root.iter("{http://www.omg.org/spec/BPMN/20100524/DI}*")}
    assert {element.id for element in definition.elements} | {flow.id for flow in definition.flows} <= drawn
    assert all(element.name for element in definition.elements)


@pytest.mark.parametrize("slug", PACKAGES)
def test_the_steps_sum_to_the_legal_term(slug: str) -> None:
    term = read_procedure(slug)["term"]
    shares = [element.share_minutes or 0 for element in read_process(slug).of_kind("user")]
    assert all(shares)
    total = sum(shares)
    if term["unit"] == "workday":
        assert total == term["amount"] * MINUTES_OF_A_WORKDAY
    else:
        assert total <= term["amount"] * MINUTES_OF_A_WORKDAY


@pytest.mark.parametrize("slug", PACKAGES)
def test_the_procedure_states_what_its_page_needs(slug: str) -> None:
    procedure = read_procedure(slug)
    for key in ("code", "name", "aliases", "life_events", "field", "subjects", "online_level", "channels", "steps",
                "requirements", "results", "mark", "competence", "term", "papers", "fees", "legal_bases"):  # fmt: skip
        assert procedure[key], key
    assert procedure["online_level"] == "full" or procedure["online_reason"]
    assert all({"label", "legal_ref", "mark"} <= fee.keys() for fee in procedure["fees"])
    assert all(fee.get("amount_vnd") is not None or fee["text"] for fee in procedure["fees"])
    assert all(base["number"] and base["title"] for base in procedure["legal_bases"])
    uploads = {item.paper for item in read_form(slug).fields if item.type == "filepicker"}
    assert uploads <= {paper["code"] for paper in procedure["papers"]}
    required = {paper["code"] for paper in procedure["papers"] if paper.get("required", True)}
    assert required <= uploads


@pytest.mark.parametrize("slug", PACKAGES)
def test_the_form_asks_in_pages_and_knows_its_facts(slug: str) -> None:
    form = read_form(slug)
    assert len(form.pages) >= 3
    assert form.facts.keys() >= APPLICANT
    for page in form.pages:
        assert page.title
        assert len([item for item in page.fields if item.is_input]) <= 14
        for item in page.fields:
            assert item.label or item.text
            assert item.type != "filepicker" or item.key == f"paper_{item.paper}"
            assert not item.pattern or item.pattern_hint
    area = read_procedure(slug)["competence"]["area_from"]
    if area.startswith("form:"):
        field = form.find_field(area.removeprefix("form:"))
        assert field is not None
        assert (field.kind, field.required) == ("area", True)


@pytest.mark.slow
@pytest.mark.parametrize("slug", PACKAGES)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_believable_answers_are_accepted(slug: str, seed: int) -> None:
    form = read_form(slug)
    data = make_data(form, random.Random(seed), today=TODAY)
    files = {item.key: ["giay.pdf"] for item in form.fields if item.type == "filepicker"}
    assert p.check_form(form, data, files=files, choices=WARDS, today=TODAY) == ()
    posted = to_post(form, data)
    for page_key, raw in posted.items():
        result = p.clean_page(form, page_key, raw, data=data, files=files, choices=WARDS, today=TODAY)
        assert result.errors == ()
        assert {key: value for key, value in result.values.items() if value is not False}.items() <= data.items()
    assert len(p.summarise(form, data, choices=WARDS)) <= len(posted)


HOSTILE = '#panic("x") $1/0$ *a* _b_ \\ <label> @ref `code` [x] "quote" // note'


@pytest.mark.slow
@pytest.mark.parametrize("slug", PROCESSES)
@pytest.mark.parametrize("decision", ["approved", "rejected"])
def test_the_result_prints_whatever_was_answered(slug: str, decision: str) -> None:
    compiler = typst.Compiler(root=DESIGNED.parents[1], ignore_system_fonts=True)
    answers: list[dict[str, str]] = [{}]
    if slug != "_standard":
        form = read_form(slug)
        data = make_data(form, random.Random(7), today=TODAY, fill_all=True)
        texts = {
            item.key: p.show_value(item, data[item.key], choices=WARDS) for item in form.fields if item.key in data
        }
        answers += [texts, dict.fromkeys(texts, HOSTILE)]
    for texts in answers:
        payload = result_data(decision, texts)
        pdf = compiler.compile(
            DESIGNED / slug / "result.typ", format="pdf", sys_inputs={"data": payload}, pdf_standards=["a-2a", "ua-1"]
        )
        assert isinstance(pdf, bytes)
        assert pdf.startswith(b"%PDF")


def result_data(decision: str, answers: dict[str, str]) -> str:
    data = {
        "form": {},
        "answers": answers,
        "result": {},
        "decision": decision,
        "note": HOSTILE,
        "agency": {"name": "Ủy ban nhân dân phường Bến Thành", "parent": "", "address": ""},
        "place": "Phường Bến Thành",
        "procedure": {"code": "1.001193", "name": "Đăng ký khai sinh"},
        "dossier_no": "H29.901-261120-0001",
        "applicant": {"name": "Nguyễn Thị Lan", "identifier": "", "address": "", "phone": "", "email": ""},
        "on": "2026-11-20",
        "result_no": "01/KQ-UBND",
        "verification_code": "ABCD-EFGH-JKLM-NPQR",
        "verify_url": "https://motcua.example/xac-minh/ABCD-EFGH-JKLM-NPQR/",
        "verify_qr_svg": '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><path d="M0 0h9v9z"/></svg>',
    }
    return json.dumps(data, ensure_ascii=False)
