"""Read a designed package (procedure.toml, process.bpmn, form.json, result.typ) and list everything wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as data_field
from datetime import date
from typing import Any, get_args

from motcua.kernel.messages import N_, join
from motcua.kernel.text import to_nfc
from motcua.procedures.rules.answers import PaperSourceUnreadable, parse_paper_source
from motcua.procedures.rules.channels import UNIT_NAMES
from motcua.procedures.rules.drafts import VersionDraft
from motcua.procedures.rules.package_files import CODE, FILES, check_files, list_decisions, read_linked
from motcua.procedures.types import (
    CHANNELS,
    ApplicantKind,
    Audience,
    Channel,
    ClockRule,
    CompetenceRule,
    FeeChannel,
    FeeRow,
    LegalBasis,
    Level,
    Mark,
    OnlineLevel,
    PackageProblem,
    Paper,
    PaperKind,
    Term,
    TermUnit,
)
from motcua.process.public import FormDefinitionError, ProcessDefinitionError, parse_form, parse_process

ROLES = ("counter", "specialist", "leader", "city_leader", "operator")
_KEY = re.compile(r"^[a-z0-9_\-]{1,60}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package that may be loaded."""

    slug: str
    draft: VersionDraft
    process_key: str
    process_xml: bytes
    form_schema: dict[str, Any]
    result_template: str
    valid_from: date | None
    files: Mapping[str, bytes]

    @property
    def decisions(self) -> dict[str, bytes]:
        return list_decisions(self.files)


@dataclass(slots=True)
class _Reading:
    slug: str
    part: str = "procedure.toml"
    problems: list[PackageProblem] = data_field(default_factory=list)

    def report(self, message: str, part: str = "") -> None:
        self.problems.append(PackageProblem(package=self.slug, part=part or self.part, message=message))

    def text(self, source: Mapping[str, Any], key: str, *, required: bool = False) -> str:
        value = source.get(key, "")
        if not isinstance(value, str):
            self.report(N_("«%(key)s» phải là chữ", key=key))
            return ""
        if required and not value.strip():
            self.report(N_("thiếu «%(key)s»", key=key))
        return to_nfc(value).strip()

    def texts(self, source: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = source.get(key, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.report(N_("«%(key)s» phải là danh sách chữ", key=key))
            return ()
        return tuple(to_nfc(each).strip() for each in value if each.strip())

    def choice(self, source: Mapping[str, Any], key: str, allowed: Any, default: str) -> Any:
        value = source.get(key, default)
        if value not in get_args(allowed):
            self.report(
                N_(
                    "«%(key)s» là %(value)s, phải là một trong: %(allowed)s",
                    key=key,
                    value=repr(value),
                    allowed=", ".join(get_args(allowed)),
                )
            )
            return default
        return value

    def number(self, source: Mapping[str, Any], key: str, *, least: int = 0) -> int | None:
        value = source.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.report(N_("«%(key)s» phải là số nguyên từ %(least)s trở lên", key=key, least=least))
            return None
        return value

    def date(self, source: Mapping[str, Any], key: str) -> date | None:
        value = source.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                value = None
        if not isinstance(value, date):
            self.report(N_("«%(key)s» phải là ngày dạng 2025-07-01", key=key))
            return None
        return value

    def rows(self, source: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        value = source.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.report(N_("«%(key)s» phải là các bảng [[%(key)s]]", key=key))
            return []
        return value


def read_package(
    slug: str, contents: Mapping[str, bytes], *, life_events: Sequence[str], parse_toml: Callable[[str], dict[str, Any]]
) -> tuple[Package | None, tuple[PackageProblem, ...]]:
    """Read a package's files. Answers the package, or every problem that keeps it from being loaded."""
    reading = _Reading(slug)
    check_files(contents, reading.report)
    if any(name not in contents for name in FILES):
        return None, tuple(reading.problems)
    try:
        data = parse_toml(contents["procedure.toml"].decode("utf-8"))
    except ValueError as error:  # also a broken encoding
        reading.report(N_("không đọc được: %(reason)s", reason=str(error)))
        return None, tuple(reading.problems)
    draft = _read_draft(reading, data, life_events)
    form = _read_form(reading, contents["form.json"], draft)
    _check_process(reading, contents["process.bpmn"])
    template = _decode(reading, contents["result.typ"], "result.typ")
    valid_from = reading.date(data, "valid_from")
    if reading.problems:
        return None, tuple(reading.problems)
    package = Package(
        slug=slug,
        draft=draft,
        process_key=slug,
        process_xml=contents["process.bpmn"],
        form_schema=form,
        result_template=template,
        valid_from=valid_from,
        files=dict(contents),
    )
    return package, ()


def _decode(reading: _Reading, content: bytes, part: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        reading.report(N_("không phải chữ UTF-8"), part)
        return ""


def _read_draft(reading: _Reading, data: Mapping[str, Any], life_events: Sequence[str]) -> VersionDraft:
    code = reading.text(data, "code", required=True)
    if code and not CODE.fullmatch(code):
        reading.report(N_("mã thủ tục %(code)s không đúng dạng", code=repr(code)))
    competence = _read_competence(reading, data)
    level: Level = competence.level
    events = reading.texts(data, "life_events")
    for event in events:
        if event not in life_events:
            reading.report(N_("«life_events» có %(event)s chưa có trong data/life_events.toml", event=repr(event)))
    return VersionDraft(
        code=code,
        name=reading.text(data, "name", required=True),
        source="designed",
        aliases=reading.texts(data, "aliases"),
        field=reading.text(data, "field", required=True),
        levels=(level,),
        issuing_agency=reading.text(data, "issuing_agency"),
        executing_agency=reading.text(data, "executing_agency") or competence.agency_name,
        receiving_address=reading.text(data, "receiving_address"),
        decision_no=reading.text(data, "decision_no")[:60],
        subjects=reading.texts(data, "subjects"),
        audiences=_read_audiences(reading, data),
        online_level=reading.choice(data, "online_level", OnlineLevel, "none"),
        online_reason=reading.text(data, "online_reason"),
        term=_read_term(reading, data),
        competence=competence,
        channels=_read_channels(reading, data),
        papers=_read_papers(reading, data),
        fees=tuple(_read_fee(reading, row) for row in reading.rows(data, "fees")),
        steps="\n".join(reading.texts(data, "steps")),
        requirements="\n".join(reading.texts(data, "requirements")),
        legal_bases=_read_bases(reading, data),
        result_names=reading.texts(data, "results") or reading.texts(data, "result_name"),
        source_url=reading.text(data, "source_url"),
        mark=reading.choice(data, "mark", Mark, "sure"),
        life_events=events,
        linked=tuple(read_linked(reading.rows(data, "linked"), code, reading.report)),
    )


def _read_audiences(reading: _Reading, data: Mapping[str, Any]) -> tuple[Audience, ...]:
    named = reading.texts(data, "audiences")
    subjects = " ".join(reading.texts(data, "subjects")).lower()
    if not named:
        firm = any(word in subjects for word in ("doanh nghiệp", "tổ chức", "hộ kinh doanh"))
        person = any(word in subjects for word in ("công dân", "cá nhân", "người"))
        named = (("citizen",) if person or not firm else ()) + (("business",) if firm else ())
    for each in named:
        if each not in get_args(Audience):
            reading.report(N_("«audiences» có %(each)s chưa biết", each=repr(each)))
    return named  # type: ignore[return-value]  # checked above


def _read_term(reading: _Reading, data: Mapping[str, Any]) -> Term:
    source = data.get("term")
    if not isinstance(source, dict):
        reading.report(N_("thiếu bảng [term]"))
        return Term(amount=1, unit="workday")
    amount = reading.number(source, "amount", least=1)
    if amount is None:
        reading.report(N_("[term] thiếu «amount»"))
        amount = 1
    unit: TermUnit = reading.choice(source, "unit", TermUnit, "workday")
    return Term(
        amount=amount,
        unit=unit,
        clock_rule=reading.choice(source, "clock_rule", ClockRule, "restart"),
        text=reading.text(source, "text") or f"{amount} {UNIT_NAMES[unit]}",
        mark=reading.choice(source, "mark", Mark, "sure"),
        legal_ref=reading.text(source, "legal_ref"),
    )


def _read_competence(reading: _Reading, data: Mapping[str, Any]) -> CompetenceRule:
    source = data.get("competence")
    if not isinstance(source, dict):
        reading.report(N_("thiếu bảng [competence]"))
        return CompetenceRule(level="commune", agency_kind="people_committee")
    area_from = reading.text(source, "area_from") or "applicant"
    if area_from != "applicant" and not area_from.startswith("form:"):
        reading.report(N_('«area_from» phải là "applicant" hoặc "form:<khóa>"'))
    return CompetenceRule(
        level=reading.choice(source, "level", Level, "commune"),
        agency_kind=reading.text(source, "agency_kind", required=True),
        area_from=area_from,
        agency_code=reading.text(source, "agency_code"),
        agency_name=reading.text(source, "agency_name"),
        basis=reading.text(source, "basis") or reading.text(source, "reason"),
        legal_ref=reading.text(source, "legal_ref"),
        mark=reading.choice(source, "mark", Mark, "sure"),
    )


def _read_channels(reading: _Reading, data: Mapping[str, Any]) -> tuple[Channel, ...]:
    named = reading.texts(data, "channels")
    for each in named:
        if each not in CHANNELS:
            reading.report(
                N_(
                    "«channels» có %(each)s, phải là một trong: %(allowed)s",
                    each=repr(each),
                    allowed=", ".join(CHANNELS),
                )
            )
    return tuple(channel for channel in CHANNELS if channel in named) or CHANNELS


def _read_papers(reading: _Reading, data: Mapping[str, Any]) -> tuple[Paper, ...]:
    papers: list[Paper] = []
    for row in reading.rows(data, "papers"):
        code = reading.text(row, "code", required=True)
        if code and not _KEY.match(code):
            reading.report(N_("mã giấy tờ %(code)s chỉ gồm chữ thường, số, gạch", code=repr(code)))
        if any(paper.code == code for paper in papers):
            reading.report(N_("mã giấy tờ %(code)s lặp lại", code=repr(code)))
        papers.append(
            Paper(
                code=code,
                name=reading.text(row, "name", required=True),
                kind=reading.choice(row, "kind", PaperKind, "either"),
                originals=reading.number(row, "originals"),
                copies=reading.number(row, "copies"),
                required=bool(row.get("required", True)),
                condition=reading.text(row, "condition"),
                template_name=reading.text(row, "template_name"),
                reusable=bool(row.get("reusable", False)),
                answered_by=_read_answers(reading, row),
                mark=reading.choice(row, "mark", Mark, "sure"),
            )
        )
    return tuple(papers)


def _read_answers(reading: _Reading, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the sources that prove a paper; one that cannot be read is a problem of the package."""
    found = reading.texts(row, "answered_by")
    for text in found:
        try:
            parse_paper_source(text)
        except PaperSourceUnreadable as error:
            reading.report(N_("answered_by: %(reason)s", reason=error.args[0]))
    return found


def _read_fee(reading: _Reading, row: Mapping[str, Any]) -> FeeRow:
    return FeeRow(
        label=reading.text(row, "label") or "Lệ phí",
        channel=reading.choice(row, "channel", FeeChannel, "any"),
        applicant_kind=reading.choice(row, "applicant_kind", ApplicantKind, "any"),
        amount_vnd=reading.number(row, "amount_vnd"),
        per=reading.text(row, "per") or reading.text(row, "unit"),
        valid_from=reading.date(row, "valid_from"),
        valid_to=reading.date(row, "valid_to"),
        legal_ref=reading.text(row, "legal_ref"),
        text=reading.text(row, "text") or reading.text(row, "note"),
        mark=reading.choice(row, "mark", Mark, "sure"),
    )


def _read_bases(reading: _Reading, data: Mapping[str, Any]) -> tuple[LegalBasis, ...]:
    rows = reading.rows(data, "legal_bases")
    return tuple(
        LegalBasis(title=reading.text(row, "title", required=True), number=reading.text(row, "number")) for row in rows
    )


def _read_form(reading: _Reading, content: bytes, draft: VersionDraft) -> dict[str, Any]:
    reading.part = "form.json"
    try:
        schema = json.loads(content)
        form = parse_form(schema)
    except FormDefinitionError as error:
        for problem in error.problems:
            reading.report(join((part for part in (problem.element_id, problem.message_vi) if part), separator=": "))
        return {}
    except (ValueError, RecursionError) as error:
        reading.report(N_("không đọc được: %(reason)s", reason=str(error)))
        return {}
    keys, papers = set(), set()
    for page in form.pages:
        for field in page.fields:
            keys.add(field.key)
            papers.add(field.paper)
    for code in sorted(papers - {""} - {paper.code for paper in draft.papers}):
        reading.report(N_("giấy tờ %(code)s không có trong procedure.toml", code=repr(code)))
    for key in sorted(_list_asked_answers(draft) - keys):
        reading.report(N_("không có câu hỏi %(key)s mà answered_by so với sổ", key=repr(key)))
    area_key = draft.competence.area_from.removeprefix("form:")
    if area_key != draft.competence.area_from and area_key not in keys:
        reading.report(
            N_("không có câu hỏi %(area_key)s mà [competence] lấy nơi giải quyết từ đó", area_key=repr(area_key))
        )
    found: dict[str, Any] = schema
    return found


def _list_asked_answers(draft: VersionDraft) -> set[str]:
    """Return the questions whose answers a record must agree with to prove a paper."""
    texts = [text for paper in draft.papers for text in paper.answered_by]
    found: set[str] = set()
    for text in texts:
        try:
            found |= set(parse_paper_source(text).questions)
        except PaperSourceUnreadable:  # said already where the paper was read
            continue
    return found


def _check_process(reading: _Reading, content: bytes) -> None:
    reading.part = "process.bpmn"
    try:
        definition = parse_process(content)
    except ProcessDefinitionError as error:
        for problem in error.problems:
            reading.report(join((problem.element_id, problem.message_vi), separator=": "))
        return
    for element in definition.elements:
        if element.kind == "user" and element.role not in ROLES:
            reading.report(
                N_("%(id)s: vai trò %(role)s không có trong cơ quan", id=element.id, role=repr(element.role))
            )
