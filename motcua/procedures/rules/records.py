"""Read one national record (22 glued strings) into a draft. The raw record is kept beside it, so nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from motcua.kernel.codes import is_procedure_code
from motcua.kernel.messages import N_
from motcua.procedures.rules import channels, parts
from motcua.procedures.rules.competence import derive_competence
from motcua.procedures.rules.drafts import VersionDraft
from motcua.procedures.rules.glued import Read, Status, normalise, one_line, stated
from motcua.procedures.rules.papers import read_papers
from motcua.procedures.rules.raw_fields import MAX_NAME, RawFields, read_raw_fields
from motcua.procedures.types import CHANNELS, Channel, Doubt, OnlineLevel, Term

_CODE_IN_TEXT = re.compile(r"Mã thủ tục ?([0-9]\.[0-9]{6})")
FIELDS = (
    "name", "field", "levels", "subjects", "executing_agency", "steps", "channels", "term", "fees",
    "papers", "requirements", "legal_bases", "results",
)  # fmt: skip
_SOURCE_FIELDS = {
    "channels": "cach_thuc_thuc_hien",
    "term": "cach_thuc_thuc_hien",
    "fees": "cach_thuc_thuc_hien",
    "papers": "thanh_phan_ho_so",
    "results": "ket_qua_xu_ly",
    "legal_bases": "can_cu_phap_ly",
    "subjects": "doi_tuong_thuc_hien",
    "levels": "cap_thuc_hien",
}
_ALL_SOURCES = _SOURCE_FIELDS | {
    "name": "ten_thu_tuc",
    "field": "linh_vuc",
    "steps": "trinh_tu_thuc_hien",
    "requirements": "yeu_cau_dieu_kien",
    "executing_agency": "co_quan_thuc_hien",
}
_ONLINE_UNKNOWN = N_("Dữ liệu nguồn chưa nêu mức trực tuyến (toàn trình hay một phần).")
_ONLINE_NONE = N_("Dữ liệu nguồn không nêu cách nộp trực tuyến.")


class RecordUnreadableError(ValueError):
    """The file is no record at all: no code, or no name anywhere."""


class ListRow(NamedTuple):
    """One row of a national list of procedures."""

    code: str
    name: str
    issuing_agency: str
    executing_agency: str
    field: str


def read_record(raw: Mapping[str, object], *, default_term: Term, listed: ListRow | None = None) -> VersionDraft:
    """Read a record. When its text is another procedure's, only code and (listed) name are kept.

    Raises: RecordUnreadableError.
    """
    fields = read_raw_fields(raw)
    code = one_line(fields.texts.get("ma_thu_tuc", ""))
    if not is_procedure_code(code):
        raise RecordUnreadableError("không có mã thủ tục dạng N.NNNNNN")
    if not one_line(fields.texts.get("ten_thu_tuc", "")) and listed is None:
        raise RecordUnreadableError("thiếu trường ten_thu_tuc")
    other = find_other_code(fields.texts, code)
    if other:
        return _read_untrusted(code, other, default_term, listed)
    return _read_trusted(code, fields, default_term, listed)


def find_other_code(texts: Mapping[str, str], code: str) -> str:
    """Return the code that the record's own text names when it is not the record's: the text is another's."""
    found = _CODE_IN_TEXT.search(normalise(texts.get("raw_text", "")))
    return found[1] if found and found[1] != code else ""


def _read_untrusted(code: str, other: str, default_term: Term, listed: ListRow | None) -> VersionDraft:
    name = listed.name if listed else f"Thủ tục {code} (dữ liệu nguồn chưa có tên đúng)"
    doubt = Doubt(
        field="record",
        code="text_of_another_procedure",
        message=f"Nội dung trong dữ liệu nguồn là của thủ tục {other}, không phải {code}; không dùng nội dung này.",
    )
    statuses: dict[str, Status] = dict.fromkeys(FIELDS, "unparsed")
    if listed:
        statuses["name"] = "parsed"
    agency = listed.executing_agency if listed else ""
    field = listed.field if listed else ""
    return VersionDraft(
        code=code,
        name=name,
        source="national",
        field=field,
        issuing_agency=listed.issuing_agency if listed else "",
        executing_agency=agency,
        online_reason=_ONLINE_NONE,
        term=default_term,
        competence=derive_competence((), agency=agency, field=field),
        channels=CHANNELS,
        mark="unsure",
        doubts=(doubt,),
        statuses=statuses,
    )


def _read_text(texts: Mapping[str, str], name: str) -> str:
    return texts.get(name, "")


def _read_plain(texts: Mapping[str, str], listed: ListRow | None) -> dict[str, str]:
    """Return the parts that are taken as they stand; a record without a name has the list's."""
    return {
        "name": (one_line(texts.get("ten_thu_tuc", "")) or (listed.name if listed else ""))[:MAX_NAME],
        "field": one_line(stated(texts.get("linh_vuc", ""))),
        "steps": stated(texts.get("trinh_tu_thuc_hien", "")),
        "requirements": stated(texts.get("yeu_cau_dieu_kien", "")),
    }


def _read_trusted(code: str, fields: RawFields, default_term: Term, listed: ListRow | None) -> VersionDraft:
    texts = fields.texts
    text = partial(_read_text, texts)
    rows = channels.read_channels(text("cach_thuc_thuc_hien"))
    term = channels.choose_term(rows.value)
    papers = read_papers(text("thanh_phan_ho_so"))
    results = parts.read_results(text("ket_qua_xu_ly"))
    bases = parts.read_legal_bases(text("can_cu_phap_ly"))
    subjects = parts.read_subjects(text("doi_tuong_thuc_hien"))
    levels = parts.read_levels(text("cap_thuc_hien"))
    agencies = parts.read_agencies(stated(text("co_quan_thuc_hien")) or text("co_quan_co_tham_quyen"))
    plain = _read_plain(texts, listed)
    reads: dict[str, Read[Any]] = {
        "levels": levels, "subjects": subjects, "executing_agency": agencies, "channels": rows, "term": term,
        "fees": channels.combine_fee_status(rows.value), "papers": papers, "legal_bases": bases, "results": results,
    }  # fmt: skip
    statuses = _judge(plain, reads, fields)
    doubts = tuple(doubt for read in reads.values() for doubt in read.doubts) + tuple(fields.doubts.values())
    online, reason = _online_level(plain["name"], rows.value)
    return VersionDraft(
        code=code,
        name=plain["name"],
        source="national",
        field=plain["field"],
        levels=levels.value,
        issuing_agency=one_line(stated(text("co_quan_co_tham_quyen"))),
        executing_agency="; ".join(agencies.value),
        receiving_address=stated(text("dia_chi_tiep_nhan")),
        decision_no=one_line(stated(text("so_quyet_dinh")))[:60],
        subjects=subjects.value[0],
        audiences=subjects.value[1],
        online_level=online,
        online_reason=reason,
        term=_make_term(term, default_term),
        channels=_channels(rows.value),
        channel_rows=channels.make_channel_rows(rows.value),
        papers=papers.value,
        fees=channels.make_fee_rows(rows.value),
        steps=plain["steps"],
        requirements=plain["requirements"],
        legal_bases=bases.value,
        result_names=results.value,
        competence=derive_competence(levels.value, agency="; ".join(agencies.value), field=plain["field"]),
        source_url=_read_address(one_line(text("detail_url"))),
        mark="unsure" if doubts else "sure",
        doubts=doubts,
        source_texts=_source_texts(texts, statuses),
        statuses=statuses,
    )


def _judge(plain: Mapping[str, str], reads: Mapping[str, Read[Any]], fields: RawFields) -> dict[str, Status]:
    statuses: dict[str, Status] = {key: "parsed" if value else "empty" for key, value in plain.items()}
    statuses |= {key: read.status for key, read in reads.items()}
    return statuses | {key: _doubted(statuses[key]) for key, name in _ALL_SOURCES.items() if name in fields.doubts}


def _doubted(status: Status) -> Status:
    return "unparsed" if status in ("empty", "unparsed") else "doubtful"


def _read_address(text: str) -> str:
    """Keep an address that a page may link to; any other scheme would run in the reader's browser."""
    return text if text.startswith(("https://", "http://")) else ""


def _source_texts(texts: Mapping[str, str], statuses: Mapping[str, Status]) -> dict[str, str]:
    return {
        key: normalise(texts.get(source, ""))
        for key, source in _SOURCE_FIELDS.items()
        if statuses[key] in ("doubtful", "unparsed") and texts.get(source)
    }


def _make_term(term: Read[channels.SourceTerm | None], default_term: Term) -> Term:
    value = term.value
    if value is None or not value.amount or not value.unit:
        return default_term
    return Term(
        amount=value.amount,
        unit=value.unit,
        clock_rule=default_term.clock_rule,
        text=f"{value.amount} {channels.UNIT_NAMES[value.unit]}",
        mark="sure" if term.status == "parsed" else "unsure",
    )


def _channels(rows: tuple[channels.SourceRow, ...]) -> tuple[Channel, ...]:
    """List the ways to file. None readable: all three that the one-stop rule knows.

    Source: Decree 118/2025/NĐ-CP, Art. 17; in force 2025-07-01.
    """
    found = {row.channel for row in rows}
    return tuple(channel for channel in CHANNELS if channel in found) or CHANNELS


def _online_level(name: str, rows: tuple[channels.SourceRow, ...]) -> tuple[OnlineLevel, str]:
    """Say 'full' only where the name itself says so: everything else online is partial until the city declares it.

    Source: Decree 42/2022/NĐ-CP, Art. 11; in force 2022-08-15.
    """
    if "toàn trình" in name.lower() and "một phần" not in name.lower():
        return "full", ""
    if any(row.channel == "online" for row in rows):
        return "partial", _ONLINE_UNKNOWN
    return "none", _ONLINE_NONE


def read_list_row(cells: tuple[object, ...], *, default_term: Term) -> tuple[VersionDraft, ListRow] | None:
    """Read a row of a national list into a catalogue entry; None when it holds no code. Raises: nothing."""
    values = [normalise(str(cell)) if cell is not None else "" for cell in cells[:5]]
    values += [""] * (5 - len(values))
    code, name = one_line(values[0]), one_line(values[1])
    if not is_procedure_code(code) or not name:
        return None
    agencies = "; ".join(parts.read_agencies(values[3]).value)
    row = ListRow(code, name, "; ".join(parts.read_agencies(values[2]).value), agencies, one_line(values[4]))
    missing = Doubt(
        field="record", code="only_listed", message=N_("Mới có trong danh mục; chưa có nội dung chi tiết của thủ tục.")
    )
    draft = VersionDraft(
        code=code,
        name=name,
        source="list",
        field=row.field,
        issuing_agency=row.issuing_agency,
        executing_agency=agencies,
        online_reason=_ONLINE_NONE,
        term=default_term,
        competence=derive_competence((), agency=agencies, field=row.field),
        mark="unsure",
        doubts=(missing,),
    )
    return draft, row
