"""A small procedure of our own, lawful in every part, for tests to break in one place at a time."""

from __future__ import annotations

import json
import re
from typing import Any

from motcua.process.tests import drawings as d

PROCEDURE = """
code = "9.000001"
name = "Xin giấy phép trồng cây"
field = "Cây xanh"
online_level = "full"
requirements = ["Cây không che đèn giao thông."]
steps = ["Bạn khai nơi trồng.", "Cán bộ xem hồ sơ."]

[term]
amount = 3
unit = "workday"
clock_rule = "restart"
text = "3 ngày làm việc"
legal_ref = "Quyết định mẫu 1/2026, Điều 2"

[competence]
level = "commune"
agency_kind = "people_committee"
area_from = "form:area"
legal_ref = "Quyết định mẫu 1/2026, Điều 1"

[[papers]]
code = "ban_ve"
name = "Bản vẽ nơi trồng"
kind = "copy"
copies = 1

[[fees]]
label = "Phí xem nơi trồng"
channel = "in_person"
amount_vnd = 20000
per = "hồ sơ"
legal_ref = "Quyết định mẫu 1/2026, Điều 5"

[[legal_bases]]
title = "Quyết định mẫu về cây xanh"
number = "1/2026"
"""
RESULT = (
    '#import "/procedures/designed/_standard/parts.typ": *\n#field("Cây", answer("tree"))\n#known("Số cây", "count")\n'
)
FEE_RULES = (
    ('"in_person"', '{label: "Phí xem nơi trồng", amount_vnd: 20000 * copies, legal_ref: "Điều 5"}'),
    ("not(&quot;in_person&quot;)", '{label: "Phí xem nơi trồng", amount_vnd: 0, legal_ref: "Điều 5"}'),
)


def form() -> dict[str, Any]:
    def question(kind: str, key: str, label: str, **more: Any) -> dict[str, Any]:
        return {"type": kind, "id": f"q_{key}", "key": key, "label": label, **more}

    return {
        "type": "default",
        "id": "trong-cay",
        "components": [
            {
                "type": "group",
                "id": "nguoi-xin",
                "label": "Người xin",
                "components": [
                    question("textfield", "full_name", "Họ và tên", properties={"fact": "applicant.full_name"}),
                    question("textfield", "area", "Phường, xã nơi trồng", validate={"required": True}),
                ],
            },
            {
                "type": "group",
                "id": "cay",
                "label": "Cây",
                "components": [
                    question("textfield", "tree", "Trồng cây gì?", validate={"required": True}),
                    question("number", "count", "Trồng mấy cây?", validate={"min": 1}),
                    question("filepicker", "paper_ban_ve", "Bản vẽ", properties={"paper": "ban_ve"}),
                ],
            },
        ],
    }


def process(**changes: str) -> bytes:
    """Draw reception, appraisal and signature with supplement and withdrawal; `changes` replace one part's text."""
    accept, ask = '=outcome = "accept"', '=outcome = "supplement"'
    drawn = d.drawing(
        d.start(stage="submitted"),
        d.user(
            "receive",
            "counter",
            "dossiers.receive",
            outcomes="accept|supplement|refuse",
            share_minutes="240",
            stage="submitted",
        ),
        d.gateway("received", default="to_refused"),
        d.flow("received", "appraise", accept)
        + d.flow("received", "wait", ask)
        + d.flow("received", "refused", flow_id="to_refused"),
        d.gateway("wait", "eventBased").replace(
            'name="wait" >',
            'name="wait" ><bpmn:extensionElements>'
            + d.properties(stage="waiting_applicant")
            + "</bpmn:extensionElements>",
        ),
        d.catch("answered", d.message("supplement_received")),
        d.catch("too_late", d.timer("P15D"), counts="workday"),
        d.user(
            "appraise",
            "specialist",
            "dossiers.appraise",
            outcomes="approve|reject",
            share_minutes="720",
            stage="in_progress",
        ),
        d.boundary("withdrawing", "appraise", d.message("withdraw")),
        d.user("sign", "leader", "dossiers.sign", outcomes="sign|return", share_minutes="480"),
        d.gateway("signed", default="to_approved"),
        d.flow("signed", "appraise", '=outcome = "return"') + d.flow("signed", "approved", flow_id="to_approved"),
        d.end("approved", outcome="approved", stage="delivered"),
        d.end("refused", outcome="returned", stage="refused"),
        d.end("stopped", outcome="stopped", stage="stopped"),
        d.end("withdrawn", terminate=True, outcome="withdrawn", stage="withdrawn"),
        d.chain("start", "receive", "received") + d.flow("wait", "answered") + d.flow("wait", "too_late"),
        d.chain("answered", "receive") + d.chain("too_late", "stopped") + d.chain("appraise", "sign", "signed"),
        d.chain("withdrawing", "withdrawn"),
        messages=("withdraw", "supplement_received"),
    ).decode()
    for old, new in changes.items():
        assert old in drawn, old
        drawn = drawn.replace(old, new)
    return draw_diagram(drawn).encode()


def change(drawn: bytes, old: str, new: str) -> bytes:
    """Replace one text of a drawing and lay the diagram again."""
    text = re.sub(r"<bpmndi:.*</bpmndi:BPMNDiagram>", "", drawn.decode(), flags=re.DOTALL)
    assert old in text, old
    return draw_diagram(text.replace(old, new)).encode()


def draw_diagram(text: str) -> str:
    """Add a diagram that shows every element and flow."""
    ids = re.findall(r'<bpmn:(?:\w+(?:Event|Task|Gateway)|sequenceFlow|subProcess) id="([^"]+)"', text)
    shapes = "".join(f'<bpmndi:BPMNShape id="{each}_di" bpmnElement="{each}" />' for each in ids)
    diagram = (
        f'<bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="plane">{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    )
    head = '<bpmn:definitions xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    text = text if "xmlns:bpmndi" in text else text.replace("<bpmn:definitions", head, 1)
    return text.replace("</bpmn:definitions>", f"{diagram}</bpmn:definitions>")


def table(
    rules: tuple[tuple[str, ...], ...],
    *,
    policy: str = "UNIQUE",
    columns: tuple[tuple[str, str, str], ...] = (("channel", "string", ""),),
    name: str = "fee",
    default: str = "",
    inputs: tuple[str, ...] = ("channel", "copies", "answers"),
) -> bytes:
    """Write a decision table: columns are (expression, type, allowed values), rules end with their output."""

    def text(tag: str, value: str) -> str:
        return f"<{tag}><text>{value}</text></{tag}>"

    needed = "".join(
        f'<informationRequirement id="need_{each}"><requiredInput href="#in_{each}" /></informationRequirement>'
        for each in inputs
    )
    given = "".join(
        f'<inputData id="in_{each}" name="{each}"><variable id="var_{each}" name="{each}" /></inputData>'
        for each in inputs
    )
    asked = "".join(
        f'<input id="c{n}" label="{what}"><inputExpression id="x{n}" typeRef="{kind}"><text>{what}</text>'
        "</inputExpression>" + (text("inputValues", allowed) if allowed else "") + "</input>"
        for n, (what, kind, allowed) in enumerate(columns)
    )
    rows = "".join(
        f'<rule id="r{n}">'
        + "".join(f'<inputEntry id="i{n}_{m}"><text>{cell}</text></inputEntry>' for m, cell in enumerate(row[:-1]))
        + f'<outputEntry id="o{n}"><text>{row[-1]}</text></outputEntry></rule>'
        for n, row in enumerate(rules)
    )
    fallback = text("defaultOutputEntry", default) if default else ""
    return (
        f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="m">{given}'
        f'<decision id="{name}" name="{name}"><variable id="v" name="{name}" />'
        f'{needed}<decisionTable id="t" hitPolicy="{policy}">'
        f'{asked}<output id="o" name="{name}">{fallback}</output>{rows}</decisionTable></decision></definitions>'
    ).encode()


def golden(**changes: Any) -> bytes:
    """Write a golden case that goes straight to its approval."""
    case: dict[str, Any] = {
        "name": "Trồng một cây",
        "filed_at": "2026-03-02T09:00+07:00",
        "channel": "in_person",
        "applicant_kind": "person",
        "copies": 2,
        "answers": {"full_name": "Nguyễn Thị Lan", "area": "26740", "tree": "Bàng", "count": 1},
        "files": {"ban_ve": ["ban-ve.pdf"]},
        "steps": [
            {"at": "receive", "outputs": {"outcome": "accept"}},
            {"at": "appraise", "outputs": {"outcome": "approve"}},
            {"at": "sign", "outputs": {"outcome": "sign"}},
        ],
        "expect": {
            "path": ["receive", "appraise", "sign"],
            "fee_vnd": 40_000,
            "due_at": "2026-03-05T09:00+07:00",
            "outcome": "approved",
        },
    }
    return json.dumps(case | changes, ensure_ascii=False).encode()


def package(**changes: bytes) -> dict[str, bytes]:
    """Return the files of the sample package; `changes` replace files by the first part of their names."""
    files = {
        "procedure.toml": PROCEDURE.encode(),
        "process.bpmn": process(),
        "form.json": json.dumps(form(), ensure_ascii=False).encode(),
        "result.typ": RESULT.encode(),
        "decisions/fee.dmn": table(FEE_RULES),
        "golden/mot-cay.json": golden(),
    }
    for name, content in changes.items():
        files[next(file for file in files if name in file)] = content
    return files
