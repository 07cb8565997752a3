"""Read the smaller fields of a national record: results, legal bases, agencies, subjects, levels."""

from __future__ import annotations

import re

from motcua.kernel.messages import N_
from motcua.procedures.rules.glued import NO_INFORMATION, Read, Status, normalise, one_line, stated
from motcua.procedures.types import Audience, Doubt, LegalBasis, Level

MAX_ITEMS = 200
LEGAL_HEADER = "Tên văn bản pháp lýMã văn bản"

_RESULT_NOISE = re.compile(r"Từ khóa(?:(?!Từ khóa).)*?Mô tả.*$", re.S)
_RESULT_CODE = re.compile(
    r"Mã: ?(?:KQ\.G\d{2}\.\d{6}|TP-G\d{2}\.\d{6,8}|(?:\d{3}\.){3}[A-Z]\d{2}-[A-Z]{2}\d{4,6}|[A-Z0-9.\-]{6,24}$)"
)
_BODIES = (
    r"UBTVQH\d{2}|QH\d{2}|BLĐTBXH|BNNPTNT|BVHTTDL|BNNMT|BTNMT|BGTVT|BKHĐT|BKHCN|BTTTT|TANDTC|VKSNDTC|BGDĐT|BYT|BCA|BTC"
    r"|BTP|BXD|BNV|BQP|BNG|BCT|NHNN|VPCP|UBDT|TTCP|KTNN|HĐTP|HĐND|UBND|BHXH|CTN|TTg|CP"
)
_NUMBER = re.compile(
    rf"\d{{1,4}}(?:\.\d{{1,2}})?[a-z]?/(?:\d{{4}}/)?(?:(?:NĐ|TT|NQ|QĐ|PL|L|TTLT|VBHN|CT|VB|CV)(?:-(?:{_BODIES}))+|QH\d{{2}})"
)
_KIND_BEFORE = re.compile(
    r"(?:Nghị định|Thông tư liên tịch|Thông tư|Bộ luật|Luật|Nghị quyết|Quyết định|Pháp lệnh|Lệnh)(?: số)?:? ?$"
)
_LEVELS: dict[str, Level] = {"Cấp xã": "commune", "Cấp tỉnh": "city", "Cấp bộ": "ministry", "Cơ quan khác": "other"}
_LEVEL_ORDER: tuple[Level, ...] = ("commune", "city", "ministry", "other")
_SUBJECTS: tuple[tuple[str, tuple[Audience, ...]], ...] = (
    ("Công dân Việt Nam", ("citizen",)),
    ("Người Việt Nam định cư ở nước ngoài", ("citizen",)),
    ("Người nước ngoài", ("foreigner",)),
    ("Cán bộ, công chức, viên chức", ("agency",)),
    ("Doanh nghiệp có vốn đầu tư nước ngoài", ("business",)),
    ("Doanh nghiệp Việt Nam", ("business",)),
    ("Doanh nghiệp", ("business",)),
    ("Hợp tác xã", ("business",)),
    ("Tổ chức (không bao gồm doanh nghiệp, HTX)", ("business",)),
    ("Tổ chức nước ngoài", ("business", "foreigner")),
    ("Tổ chức Đảng", ("agency",)),
    ("Đảng viên", ("agency",)),
)


def read_results(text: str) -> Read[tuple[str, ...]]:
    """List the papers that the procedure ends in; the portal's own buttons after them are dropped."""
    text = _RESULT_NOISE.sub("", normalise(text))
    if not stated(text):
        return Read((), "empty")
    names = [one_line(part) for part in _RESULT_CODE.split(text)]
    found = tuple(dict.fromkeys(name for name in names if name and name != NO_INFORMATION))[:MAX_ITEMS]
    if any("Mã:" in name for name in found) or names[-1]:
        return Read(found, "doubtful", (_doubt("results", "Tên kết quả trong dữ liệu nguồn chưa tách được hết."),))
    return Read(found, "parsed" if found else "empty")


def read_legal_bases(text: str) -> Read[tuple[LegalBasis, ...]]:
    """Split glued pairs of title and number. A number inside a title is followed by a blank, the pair's own is not."""
    text = normalise(text)
    body = text.removeprefix(LEGAL_HEADER)
    if not stated(body):
        return Read((), "empty")
    bases, start = [], 0
    for match in _NUMBER.finditer(body):
        after = body[match.end() : match.end() + 1]
        if after and (after.isspace() or after in ".,;:)-–" or _NUMBER.match(body, match.end())):
            continue
        bases.append(_make_basis(body[start : match.start()], match[0]))
        start = match.end()
    rest = one_line(body[start:])
    if rest:
        bases.append(LegalBasis(title=rest))
    found = tuple(dict.fromkeys(bases))[:MAX_ITEMS]
    if not text.startswith(LEGAL_HEADER) or rest:
        status: Status = "unparsed" if len(found) == 1 and rest else "doubtful"
        doubt = _doubt("legal_bases", "Danh sách căn cứ pháp lý trong dữ liệu nguồn chưa tách được hết.")
        return Read(found, status, (doubt,))
    return Read(found, "parsed")


def _make_basis(title: str, number: str) -> LegalBasis:
    title = one_line(title)
    kind = _KIND_BEFORE.search(title)
    if kind and kind.start() and not title[kind.start() - 1].isspace():  # 'môi trườngNghị định số' + '131/2025/NĐ-CP'
        title = title[: kind.start()].strip()
    return LegalBasis(title=title or number, number=number)


def read_agencies(text: str) -> Read[tuple[str, ...]]:
    """List agencies: one a line in the lists, separated by commas in the records.

    Commas inside a name ('Ủy ban nhân dân xã, phường, thị trấn') keep the name whole: a part that begins in lower
    case belongs to the part before it.
    """
    text = stated(text)
    if not text:
        return Read((), "empty")
    parts: list[str] = []
    for line in text.split("\n"):
        for piece in line.split(","):
            piece = " ".join(piece.split()).rstrip(".")
            if parts and piece and piece[0].islower():
                parts[-1] = f"{parts[-1]}, {piece}"
            elif piece:
                parts.append(piece)
    return Read(tuple(dict.fromkeys(parts))[:MAX_ITEMS], "parsed" if parts else "empty")


def read_subjects(text: str) -> Read[tuple[tuple[str, ...], tuple[Audience, ...]]]:
    """List the kinds of applicant in the source's words, and the audiences they amount to."""
    rest = stated(text)
    if not rest:
        return Read(((), ()), "empty")
    names: list[str] = []
    audiences: dict[Audience, None] = {}
    for name, kinds in _SUBJECTS:
        if name in rest:
            rest = rest.replace(name, "")
            names.append(name)
            audiences.update(dict.fromkeys(kinds))
    left = tuple(piece for piece in (one_line(piece) for piece in rest.split(",")) if piece)
    value = ((*names, *left)[:MAX_ITEMS], tuple(audiences))
    return Read(value, "doubtful" if left else "parsed", (_doubt("subjects", _SUBJECT_DOUBT),) if left else ())


_SUBJECT_DOUBT = N_("Đối tượng thực hiện trong dữ liệu nguồn có loại chưa biết; xem nguyên văn.")


def read_levels(text: str) -> Read[tuple[Level, ...]]:
    """List the levels of government that carry the procedure out, lowest first."""
    words = [one_line(word) for word in stated(text).split(",") if word.strip()]
    known = {_LEVELS[word] for word in words if word in _LEVELS}
    levels = tuple(level for level in _LEVEL_ORDER if level in known)
    if len(known) < len(set(words)):
        return Read(levels, "doubtful" if levels else "unparsed", (_doubt("levels", N_("Cấp thực hiện chưa rõ.")),))
    return Read(levels, "parsed" if levels else "empty")


def _doubt(field: str, message: str) -> Doubt:
    return Doubt(field=field, code=f"{field}_doubtful", message=message)
