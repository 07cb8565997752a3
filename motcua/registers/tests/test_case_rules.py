"""What finished cases say: each shipped `records.toml` speaks of questions and fields that there are, and fits."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import motcua.registers as registers
from motcua.process.public import parse_form
from motcua.registers.rules.case_rules import merge_fields, read_case_rules, work_out
from motcua.registers.rules.descriptions import Description, read_description
from motcua.registers.rules.records import clean, compile_check, find_keys
from motcua.registers.types import RegisterInvalid

HOME = Path(registers.__file__).parent
DESIGNED = HOME.parent / "procedures" / "designed"
PACKAGES = sorted(path.parent.name for path in DESIGNED.glob("*/records.toml"))
NOW = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)
ISSUED = {"no": "05/KQ-H29.901", "on": "2026-03-10", "year": 2026, "agency_code": "H29.901", "agency_name": "UBND"}
TYPED: dict[str, Any] = {  # what officials type for the results
    "personal_number": "079226900001", "business_code": "079190000001", "company_code": "0319900018",
    "food_no": "12/ATTP", "title_no": "CS 00123", "registered_on": "2026-03-09", "new_licence_no": "790260000001",
    "valid_until": "2036-03-10", "coefficient": "1,5", "amount": "750.000", "paid_from": "2026-03-01",
    "certificate_no": "45/ATTP", "class_name": "3A2",
}  # fmt: skip


def _describe(code: str) -> Description:
    folder = HOME / "data" / code
    return read_description((folder / "register.toml").read_bytes(), (folder / "schema.json").read_bytes())


def _read(slug: str) -> Any:
    return read_case_rules((DESIGNED / slug / "records.toml").read_bytes())


def test_the_kinds_of_cases_that_give_records_are_there() -> None:
    assert {"dang-ky-khai-sinh", "dang-ky-khai-tu", "dang-ky-ket-hon", "dang-ky-thuong-tru", "dang-ky-ho-kinh-doanh",
            "cap-phep-xay-dung-nha-o", "dang-ky-bien-dong-dat-dai", "doi-giay-phep-lai-xe",
            "tro-cap-xa-hoi"} <= set(PACKAGES)  # fmt: skip


@pytest.mark.parametrize("slug", PACKAGES)
def test_rules_name_fields_and_questions_that_there_are(slug: str) -> None:
    rules, form = _read(slug), parse_form(json.loads((DESIGNED / slug / "form.json").read_text("utf-8")))
    keys = {field.key for page in form.pages for field in page.fields}
    typed = set(re.findall(r"(?:value=\"|\|)([a-z_]+):", (DESIGNED / slug / "process.bpmn").read_text("utf-8")))
    typed |= set(re.findall(r'entered\("([a-z_]+)"\)', (DESIGNED / slug / "result.typ").read_text("utf-8")))
    for rule in rules.rules:
        fields = _describe(rule.register).schema["properties"]
        assert set(rule.fields) | set(rule.empty) <= set(fields)
        used = [*rule.fields.values(), *(each for each in (rule.when, rule.each, rule.since) if each is not None)]
        paths = {path for expression in used for path in expression.paths}
        assert {path[1] for path in paths if path[0] == "answers"} <= keys
        assert {path[1] for path in paths if path[0] == "result"} <= typed
        assert {path[1] for path in paths if path[0] == "known"} <= {lookup.name for lookup in rules.lookups}
        assert {path[1] for path in paths if path[0] == "issued"} <= set(ISSUED)


@pytest.mark.parametrize("slug", PACKAGES)
def test_what_the_sample_cases_say_fits_the_registers(slug: str) -> None:
    said = 0
    for golden in sorted((DESIGNED / slug / "golden").glob("*.json")):
        answers = json.loads(golden.read_text("utf-8"))["answers"]
        context = {"answers": answers, "result": TYPED, "dossier": {"no": "H29.901-1"}, "issued": ISSUED,
                   "known": {"dead": {"personal_id": "079050000001", "spouse_id": "079150000002"}},
                   "applicant": {}}  # fmt: skip
        for saying in work_out(_read(slug), context, issued_at=NOW):
            described = _describe(saying.register)
            data = clean(merge_fields({}, saying))
            problems = compile_check(described.schema)(data)
            if saying.mode != "write" or saying.ask:
                problems = tuple(each for each in problems if each.field)
            assert problems == (), (golden.name, saying.rule)
            assert saying.ask or find_keys(described.keys, data)
            assert saying.since <= NOW
            said += 1
    assert said


_QUESTIONS = st.sampled_from(["child_name", "child_birth_on", "mother_id", "child_sex", "birth_facility"])
_GIVEN = st.one_of(st.none(), st.text(max_size=12), st.integers(), st.lists(st.integers(), max_size=2))


@pytest.mark.slow
@given(st.dictionaries(_QUESTIONS, _GIVEN))
def test_no_answer_breaks_the_rules_and_nothing_empty_is_said(answers: dict[str, Any]) -> None:
    context = {"answers": answers, "result": {}, "dossier": {}, "issued": ISSUED, "known": {}, "applicant": {}}
    for saying in work_out(_read("dang-ky-khai-sinh"), context, issued_at=NOW):
        assert all(value not in (None, "", []) for value in saying.fields.values())
        assert saying.since <= NOW


@given(st.dictionaries(st.sampled_from("abc"), st.integers()))
def test_what_is_not_spoken_of_stays(before: dict[str, int]) -> None:
    rules = read_case_rules(b'[[records]]\nregister="r"\nempty=["b"]\nfields={a="answers.x"}')
    (saying,) = work_out(rules, {"answers": {"x": 5}}, issued_at=NOW)
    after = merge_fields(before, saying)
    assert after["a"] == 5 and "b" not in after and after.get("c") == before.get("c")


@pytest.mark.parametrize("text", [
    "[[records]]\nmode='fly'\nregister='people'", "[[records]]\nregister='people'\nwhy='x'", "records = 1",
    "[[records]]\nregister='people'\nfields={a='((('}", "[[records]]\nregister='people'\nfields={a='secret.x'}",
    "[[lookups]]\nname='a'", "[[records]]\nregister='people'\nfields={a=1}", "= 1", "[[records]]\nfields={}",
])  # fmt: skip
def test_rules_that_cannot_be_read_are_refused_with_words(text: str) -> None:
    with pytest.raises(RegisterInvalid) as refusal:
        read_case_rules(text.encode())
    assert refusal.value.message


@given(st.binary(max_size=200))
def test_no_file_breaks_the_reader_of_rules(content: bytes) -> None:
    try:
        read_case_rules(content)
    except RegisterInvalid as refusal:
        assert refusal.message
