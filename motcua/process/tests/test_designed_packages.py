"""The packages that ship with the project: each can be read, filled in, run to every end, and printed."""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from motcua.process import public as p
from motcua.process.dmn import parse_decisions
from motcua.process.feel.values import to_plain
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


def decide_for(slug: str) -> Callable[[str, Mapping[str, Any]], Any]:
    """Answer the decisions of a package's own tables."""

    def decide(name: str, inputs: Mapping[str, Any]) -> Any:
        path = DESIGNED / slug / "decisions" / f"{name}.dmn"
        return to_plain(parse_decisions(path.read_bytes()).evaluate(name, inputs).value)

    return decide


def list_events(definition: p.ProcessDefinition, places: tuple[p.OpenElement, ...]) -> list[p.ProcessEvent]:
    """List everything that can happen at these places."""
    events: list[p.ProcessEvent] = []
    for open_ in places:
        element = definition.get_element(open_.element_id)
        if element.kind == "user":
            events += [p.TaskCompleted(open_.token, {"outcome": outcome}) for outcome in element.outcomes]
        elif element.kind == "service":
            events.append(p.ServiceCompleted(open_.token))
        elif open_.awaits:
            events.append(p.MessageReceived(open_.awaits))
        elif element.timer is not None:
            events.append(p.TimerFired(open_.token))
    return events


@pytest.mark.slow
@pytest.mark.parametrize("slug", PROCESSES)
def test_every_outcome_is_reached_and_every_walk_ends(slug: str) -> None:
    definition, decide, ends = read_process(slug), decide_for(slug), dict[str, str]()
    seen = set[str]()
    for seed in range(120):
        chance = random.Random(seed)
        variables = {
            "channel": "online",
            "result_channel": chance.choice(["online", "counter"]),
            "form": make_form(chance),
        }
        state = p.start(definition, variables, now=NOW, decide=decide).state
        for _ in range(60):
            if state["ended"]:
                break
            event = choose_event(definition, state, chance)
            seen |= set(state["tokens"].values())
            state = p.advance(definition, state, event, now=NOW, decide=decide).state
            assert len(json.dumps(state)) < 4096
        if state["ended"]:
            ends[state["outcome"]] = state["stage"]
    assert ends == {"withdrawn": "withdrawn", **STAGE_OF}
    assert seen >= {element.id for element in definition.of_kind("user")}


def choose_event(definition: p.ProcessDefinition, state: dict[str, Any], chance: random.Random) -> p.ProcessEvent:
    """Mostly let work go on; now and then something interrupts it."""
    work, beside = p.open_elements(definition, state), p.open_events(definition, state)
    events, others = list_events(definition, work), list_events(definition, beside)
    return chance.choice(others if others and (not events or chance.random() < 0.1) else events)


def make_form(chance: random.Random) -> dict[str, Any]:
    """Answers that the decisions of drawings read, by chance."""
    return {
        "home_kind": chance.choice(["own", "rented"]),
        "floors": chance.choice([2, 8]),
        "basements": chance.choice([0, 1]),
        "closing": chance.choice(["none", "full"]),
        "networks": chance.choice(["yes", "no"]),
        "kind": chance.choice(["elderly", "disabled"]),
        "household": chance.choice(["poor", "normal"]),
        "carer": chance.choice(["yes", "no"]),
    }


@pytest.mark.parametrize("slug", PROCESSES)
def test_the_drawing_is_complete(slug: str) -> None:
    definition = read_process(slug)
    assert set(definition.roles) == set(ROLES)
    assert set(definition.topics) == TOPICS
    assert set(definition.messages) == {"withdraw", "supplement_received"}
    assert {element.decision for element in definition.of_kind("decision")} == set(list_steps_decisions(slug))
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


def list_steps_decisions(slug: str) -> list[str]:
    """Return the decisions of a package that steps ask; fee and eligibility are asked when it is filed."""
    found = sorted(path.stem for path in (DESIGNED / slug).glob("decisions/*.dmn"))
    return [name for name in found if name not in ("fee", "eligibility")]


@pytest.mark.parametrize("slug", PACKAGES)
def test_the_longest_way_sums_to_the_legal_term(slug: str) -> None:
    """Steps that run side by side share the time of the longest of them."""
    term = read_procedure(slug)["term"]
    definition = read_process(slug)
    assert all(element.share_minutes for element in definition.of_kind("user"))
    longest = measure_longest(definition, definition.get_element("start"), frozenset())
    if term["unit"] == "workday":
        assert longest == term["amount"] * MINUTES_OF_A_WORKDAY
    else:
        assert longest <= term["amount"] * MINUTES_OF_A_WORKDAY


def measure_longest(definition: p.ProcessDefinition, element: p.Element, gone: frozenset[str]) -> int:
    """Return the minutes of the longest way from an element to an end that meets no element twice."""
    flows = [flow for flow in definition.flows if flow.source == element.id and flow.target not in gone]
    here = gone | {element.id}
    after = [measure_longest(definition, definition.get_element(flow.target), here) for flow in flows]
    return (element.share_minutes or 0) + max(after, default=0)


@pytest.mark.parametrize("slug", PACKAGES)
def test_the_procedure_states_what_its_page_needs(slug: str) -> None:
    procedure = read_procedure(slug)
    for key in ("code", "name", "aliases", "life_events", "field", "subjects", "online_level", "channels", "steps",
                "requirements", "results", "mark", "competence", "term", "papers", "legal_bases"):  # fmt: skip
        assert procedure[key], key
    assert procedure["online_level"] == "full" or procedure["online_reason"]
    assert (DESIGNED / slug / "decisions" / "fee.dmn").is_file()
    assert (DESIGNED / slug / "decisions" / "eligibility.dmn").is_file()
    assert len(list((DESIGNED / slug).glob("golden/*.json"))) >= 2
    assert all(base["number"] and base["title"] for base in procedure["legal_bases"])
    if procedure.get("linked"):
        assert all(each["code"] and each["name"] and each["share_workdays"] > 0 for each in procedure["linked"])
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
@settings(max_examples=5, deadline=None)
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
        computed = {item.key for item in form.fields if item.type == "expression"}
        given = {key: value for key, value in result.values.items() if value is not False and key not in computed}
        assert given.items() <= data.items()
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
