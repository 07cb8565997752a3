"""What changed in procedure.toml: the term, fees row by row, papers, laws, competence, and the page's own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from motcua.designer.rules.diff.rows import Row, changed_rows
from motcua.designer.rules.reading import Package
from motcua.designer.rules.time_checks import say_amount
from motcua.designer.types import Change, ChangePart
from motcua.kernel.messages import N_, join
from motcua.kernel.money import format_vnd

_CLOCK = {"restart": N_("tính lại từ đầu sau khi bổ sung"), "pause": N_("tính tiếp sau khi bổ sung")}
_CHANNELS = {
    "online": N_("nộp trực tuyến"),
    "in_person": N_("nộp trực tiếp"),
    "post": N_("nộp qua bưu chính"),
    "any": N_("mọi cách nộp"),
}
_APPLICANTS = {"person": N_("cá nhân"), "organisation": N_("tổ chức"), "any": ""}
_FACTS = {
    "code": N_("Mã thủ tục"),
    "name": N_("Tên thủ tục"),
    "field": N_("Lĩnh vực"),
    "aliases": N_("Tên gọi khác"),
    "subjects": N_("Ai được nộp"),
    "audiences": N_("Nhóm người dùng"),
    "life_events": N_("Sự kiện trong đời"),
    "executing_agency": N_("Cơ quan thực hiện"),
    "issuing_agency": N_("Cơ quan ban hành"),
    "receiving_address": N_("Nơi nhận hồ sơ"),
    "decision_no": N_("Quyết định công bố"),
    "online_level": N_("Mức trực tuyến"),
    "online_reason": N_("Lý do chưa toàn trình"),
    "channels": N_("Cách nộp"),
    "steps": N_("Trình tự"),
    "requirements": N_("Yêu cầu, điều kiện"),
    "results": N_("Kết quả"),
    "result_name": N_("Kết quả"),
    "valid_from": N_("Có hiệu lực từ"),
    "mark": N_("Độ chắc chắn của nguồn"),
    "source_url": N_("Nguồn"),
}
_LISTED = frozenset({"term", "competence", "fees", "papers", "legal_bases", "linked"})
_COMPETENCE = {
    "level": N_("Cấp giải quyết"),
    "agency_kind": N_("Loại cơ quan"),
    "agency_code": N_("Mã cơ quan"),
    "agency_name": N_("Cơ quan giải quyết"),
    "area_from": N_("Xác định nơi giải quyết theo"),
    "basis": N_("Lý do"),
    "legal_ref": N_("Căn cứ"),
    "mark": N_("Độ chắc chắn"),
}


def diff_facts(before: Package, after: Package) -> Iterator[Change]:
    """Yield what changed, the term and the money first."""
    yield from _one("term", N_("Thời hạn giải quyết"), say_term(before), say_term(after))
    yield from changed_rows("fees", _fees(before), _fees(after))
    yield from changed_rows("papers", _papers(before), _papers(after))
    yield from changed_rows("competence", _competence(before), _competence(after))
    yield from changed_rows("laws", _laws(before), _laws(after))
    yield from changed_rows("procedure", _linked(before), _linked(after))
    for key in dict.fromkeys([*_FACTS, *sorted(before.procedure.keys() | after.procedure.keys())]):
        if key in _LISTED:
            continue
        old, new = before.procedure.get(key), after.procedure.get(key)
        heading = _FACTS.get(key, key)
        if isinstance(old, list) or isinstance(new, list):
            yield from changed_rows("procedure", _lines(heading, old), _lines(heading, new))
        else:
            yield from _one("procedure", heading, _say(old), _say(new))


def _one(part: ChangePart, heading: str, before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield Change(part, heading, before, after)


def _say(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return N_("có") if value else N_("không")
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _lines(heading: str, value: Any) -> dict[object, Row]:
    items = value if isinstance(value, list) else [] if value is None else [value]
    return {_say(item): Row(heading, _say(item)) for item in items}


def say_term(package: Package) -> str:
    """Say the term with its unit, its clock and its ground."""
    term = package.table("term")
    if not term:
        return ""
    parts = [
        say_amount(str(term.get("amount", "?")), str(term.get("unit", "workday"))),
        str(term.get("text", "")),
        _CLOCK.get(str(term.get("clock_rule", "restart")), ""),
    ]
    parts += [str(term.get("legal_ref", "")), _mark(term)]
    return join(part for part in parts if part)


def _mark(row: Mapping[str, Any]) -> str:
    return N_("chưa chắc chắn") if row.get("mark") == "unsure" else ""


def _fees(package: Package) -> dict[object, Row]:
    found: dict[object, Row] = {}
    for row in package.rows("fees"):
        who = _APPLICANTS.get(str(row.get("applicant_kind", "any")), "")
        how = _CHANNELS.get(str(row.get("channel", "any")), str(row.get("channel", "")))
        label = str(row.get("label", N_("Lệ phí")))
        amount = row.get("amount_vnd")
        parts = [
            format_vnd(amount) if isinstance(amount, int) and amount >= 0 else "",
            f"/ {row['per']}" if row.get("per") else "",
        ]
        text = join(
            part
            for part in (
                " ".join(part for part in parts if part),
                str(row.get("text", "")),
                N_("từ %(date)s", date=_say(row["valid_from"])) if row.get("valid_from") else "",
                N_("đến trước %(date)s", date=_say(row["valid_to"])) if row.get("valid_to") else "",
                str(row.get("legal_ref", "")),
                _mark(row),
            )
            if part
        )
        key = (label, how, who, str(row.get("valid_from", "")))
        whose = join((part for part in (how, who) if part), separator=", ")
        heading = N_("%(text)s (%(note)s)", text=label, note=whose)
        found[_free(found, key)] = Row(heading, text)
    return found


def _free(found: dict[object, Row], key: tuple[str, ...]) -> tuple[str, ...]:
    """Number rows that look alike, so that none hides another."""
    number, free = 1, key
    while free in found:
        number += 1
        free = (*key, str(number))
    return free


def _papers(package: Package) -> dict[object, Row]:
    found: dict[object, Row] = {}
    for row in package.rows("papers"):
        counts = [
            *([N_("%(count)s bản chính", count=row["originals"])] if row.get("originals") else []),
            *([N_("%(count)s bản sao", count=row["copies"])] if row.get("copies") else []),
        ]
        parts = [
            str(row.get("name", "")),
            join(counts, separator=", "),
            N_("bắt buộc") if row.get("required", True) else N_("khi cần"),
            str(row.get("condition", "")),
            str(row.get("template_name", "")),
            N_("lấy được từ kho dữ liệu") if row.get("reusable") else "",
            _mark(row),
        ]
        code = str(row.get("code", ""))
        text = join(part for part in parts if part)
        found[_free(found, (code,))] = Row(N_("Giấy tờ “%(code)s”", code=code), text)
    return found


def _competence(package: Package) -> dict[object, Row]:
    table = package.table("competence")
    return {key: Row(_COMPETENCE.get(key, key), _say(table[key])) for key in (*_COMPETENCE, *table) if key in table}


def _laws(package: Package) -> dict[object, Row]:
    rows = package.rows("legal_bases")
    return {
        (row.get("number"), row.get("title")): Row(
            N_("Căn cứ pháp lý"), " ".join(str(row.get(key, "")) for key in ("title", "number")).strip()
        )
        for row in rows
    }


def _linked(package: Package) -> dict[object, Row]:
    return {
        row.get("code"): Row(
            N_("Thủ tục liên thông"), "; ".join(f"{key}: {_say(value)}" for key, value in sorted(row.items()))
        )
        for row in package.rows("linked")
    }
