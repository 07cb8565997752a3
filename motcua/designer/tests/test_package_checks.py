"""Every check of a package finds its fault, at its element, and a lawful package has none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.designer.rules import check_package, list_goldens, platform_surroundings, replay_golden
from motcua.designer.tests import samples as s
from motcua.designer.types import Finding, PackageFiles
from motcua.kernel.workdays import load_city_calendar

DESIGNED = Path(__file__).resolve().parents[2] / "procedures" / "designed"
SLUGS = sorted(folder.name for folder in DESIGNED.iterdir() if folder.is_dir() and folder.name[0] != "_")
AROUND = platform_surroundings(staffed_roles=frozenset({"counter", "specialist", "leader"}))


def check(files: PackageFiles) -> dict[str, Finding]:
    return {finding.code: finding for finding in check_package(files, surroundings=AROUND)}


def test_a_lawful_package_has_nothing_to_mend() -> None:
    assert check_package(s.package(), surroundings=AROUND) == ()


def drawn(old: str, new: str) -> dict[str, bytes]:
    return s.package(process=s.change(s.process(), old, new))


def stated(old: str, new: str) -> dict[str, bytes]:
    assert old in s.PROCEDURE
    return s.package(procedure=s.PROCEDURE.replace(old, new).encode())


def asked(**question: object) -> dict[str, bytes]:
    form = s.form()
    form["components"][1]["components"].append({"id": "q_more", **question})
    return s.package(form=json.dumps(form).encode())


def printed(text: str) -> dict[str, bytes]:
    return s.package(result=(s.RESULT + text).encode())


BROKEN: list[tuple[dict[str, bytes], str, str, str]] = [
    (drawn('candidateGroups="leader"', 'candidateGroups="king"'), "role_unknown", "sign", "error"),
    (drawn('candidateGroups="leader"', 'candidateGroups="city_leader"'), "role_without_people", "sign", "error"),
    (drawn('formId="dossiers.sign"', 'formId="dossiers.seal"'), "screen_unknown", "sign", "error"),
    (drawn('value="sign|return"', 'value="sign|burn"'), "outcome_not_offered", "sign", "error"),
    (drawn('name="supplement_received"', 'name="supplement_sent"'), "message_without_sender", "answered", "error"),
    (drawn('value="480"', 'value="600"'), "shares_exceed_term", "sign", "error"),
    (drawn('value="480"', 'value="300"'), "shares_below_term", "appraise", "error"),
    (drawn('<zeebe:property name="share_minutes" value="480" />', ""), "share_missing", "sign", "error"),
    (drawn('<zeebe:property name="stage" value="waiting_applicant" />', ""), "clock_not_paused", "wait", "error"),
    (
        drawn(
            '<zeebe:property name="share_minutes" value="240" /><zeebe:property name="stage" value="submitted" />',
            '<zeebe:property name="share_minutes" value="240" />',
        ),
        "clock_not_resumed",
        "receive",
        "error",
    ),
    (drawn('value="in_progress"', 'value="thinking"'), "stage_unknown", "appraise", "error"),
    (drawn('name="outcome" value="approved"', 'name="outcome" value="great"'), "outcome_unknown", "approved", "error"),
    (drawn('=outcome = "return"', '=outcome = "retrun"'), "flow_never_taken", "signed__appraise", "warning"),
    (
        s.package(process=s.process().replace(b'bpmnElement="sign"', b'bpmnElement="gone"')),
        "not_drawn",
        "sign",
        "error",
    ),
    (stated('legal_ref = "Quyết định mẫu 1/2026, Điều 5"', ""), "fee_without_law", "fees[1]", "error"),
    (stated('legal_ref = "Quyết định mẫu 1/2026, Điều 2"', ""), "term_without_law", "term", "warning"),
    (stated("amount = 3", "amount = 0"), "term_missing", "term", "error"),
    (stated('online_level = "full"', 'online_level = "partial"'), "online_reason_missing", "online_level", "error"),
    (
        stated("[[papers]]", '[[papers]]\ncode = "don"\nname = "Đơn"\n\n[[papers]]'),
        "paper_not_asked",
        "paper_don",
        "error",
    ),
    (stated('code = "ban_ve"', 'code = "ban_do"'), "paper_unknown", "paper_ban_ve", "error"),
    (stated('area_from = "form:area"', 'area_from = "applicant"'), "field_unused", "area", "error"),
    (
        asked(type="textfield", key="email", label="Thư điện tử", properties={"purpose": "Báo tin"}),
        "register_knows",
        "email",
        "warning",
    ),
    (asked(type="textfield", key="why", label="Vì sao?"), "field_unused", "why", "error"),
    (
        asked(type="textfield", key="why", label="Hãy ghi lý do.", properties={"purpose": "x"}),
        "label_is_order",
        "why",
        "warning",
    ),
    (
        asked(type="textfield", key="why", label="Nêu KTXH", properties={"purpose": "x"}),
        "abbreviation",
        "why",
        "warning",
    ),
    (
        asked(type="textfield", key="why", label="Lý do", description="Tiến hành ghi rõ.", properties={"purpose": "x"}),
        "officialese",
        "why",
        "warning",
    ),
    (printed('#answer("colour")\n'), "field_unknown", "colour", "error"),
    (printed('#entered("height")\n'), "field_unknown", "height", "error"),
    (printed('#get(data, "weather")\n'), "data_unknown", "weather", "error"),
    (s.package(fee=s.table((('"online"', "1"),))), "table_incomplete", "t", "error"),
    (s.package(fee=s.table((("-", "{amount_vnd: 1}"),))), "fee_without_law", "r0", "error"),
    (s.package(fee=s.table((("-", '{legal_ref: "x", a: answers.colour}'),))), "field_unknown", "o0", "error"),
    (s.package(fee=b"<broken"), "", "", "error"),
    (s.package(form=b"{"), "form_unreadable", "", "error"),
    (s.package(procedure=b"= 1"), "procedure_unreadable", "", "error"),
    (s.package(golden=b"[]"), "golden_unreadable", "", "error"),
    ({name: content for name, content in s.package().items() if name != "result.typ"}, "file_missing", "", "error"),
    (
        {name: content for name, content in s.package().items() if "golden" not in name},
        "golden_missing",
        "",
        "warning",
    ),
    (s.package(result=b"\xff\xfe"), "file_not_utf8", "", "error"),
]


@pytest.mark.parametrize(
    ("files", "code", "element_id", "severity"), BROKEN, ids=[f"{row[1]}-{row[2]}" for row in BROKEN]
)
def test_each_fault_is_found_at_its_element(files: PackageFiles, code: str, element_id: str, severity: str) -> None:
    found = check_package(files, surroundings=AROUND)
    fitting = [each for each in found if code in ("", each.code) and element_id in ("", each.element_id)]
    assert fitting, found
    assert fitting[0].severity == severity
    assert fitting[0].message_vi.endswith((".", ")", "”"))
    assert all(each.file in files or each.code in ("file_missing", "golden_missing") for each in found)


def test_errors_stand_before_warnings() -> None:
    files = asked(type="textfield", key="why", label="Hãy ghi KTXH.")
    severities = [finding.severity for finding in check_package(files, surroundings=AROUND)]
    assert severities == sorted(severities)


def test_what_is_not_known_of_the_surroundings_is_not_checked() -> None:
    codes = {
        each.code
        for each in check_package(drawn('formId="dossiers.sign"', 'formId="x"'), surroundings=platform_surroundings())
    }
    assert codes == {"screen_unknown"}
    files = drawn('candidateGroups="leader"', 'candidateGroups="city_leader"')
    assert check_package(files, surroundings=platform_surroundings()) == ()


def test_a_dynamic_key_in_the_result_counts_as_used() -> None:
    question = {"type": "textfield", "key": "wife_name", "label": "Tên vợ"}
    files = asked(**question)
    assert "field_unused" in check(files)
    files["result.typ"] += b'#let side(prefix) = answer(prefix + "_name")\n'
    assert "field_unused" not in check(files)


BREAKERS: list[Callable[[bytes, int], bytes]] = [
    lambda content, at: content[:at],
    lambda content, at: content[:at] + b"\x00\xff<" + content[at:],
    lambda content, at: content[:at] + content[at + 7 :],
    lambda content, at: content[:at] + b'"' + content[at:],
]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(sorted(s.package())), st.integers(0, 4_000), st.sampled_from(BREAKERS))
@pytest.mark.slow
def test_no_file_however_broken_stops_the_checks(name: str, at: int, breaks: Callable[[bytes, int], bytes]) -> None:
    files = s.package()
    files[name] = breaks(files[name], at % (len(files[name]) + 1))
    for finding in check_package(files, surroundings=AROUND):
        assert finding.message_vi
    assert replay_golden(files, "mot-cay", calendar=load_city_calendar()).name


def read_folder(slug: str) -> dict[str, bytes]:
    folder = DESIGNED / slug
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("slug", SLUGS)
def test_what_is_shipped_has_no_error(slug: str) -> None:
    errors = [
        each
        for each in check_package(read_folder(slug), surroundings=platform_surroundings())
        if each.severity == "error"
    ]
    assert errors == []


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_the_golden_cases_of_what_is_shipped_replay(slug: str) -> None:
    files, calendar = read_folder(slug), load_city_calendar()
    names = list_goldens(files)
    assert names
    for name in names:
        assert replay_golden(files, name, calendar=calendar).differences == ()
