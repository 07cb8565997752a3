"""Read "thành phần hồ sơ": groups with a heading, each a glued table of paper, form file and number of copies."""

from __future__ import annotations

import re
from dataclasses import dataclass

from motcua.kernel.messages import N_
from motcua.procedures.rules.glued import Read, Status, combine, normalise, stated
from motcua.procedures.types import Doubt, Paper, PaperKind

TABLE_HEADER = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
MAX_PAPERS = 200
MOST_COPIES = 20  # a larger figure is a number of the name that ran into the count

_COUNT = re.compile(r"(?P<originals>\d{1,9}) bản chính(?:,(?P<copies>\d{1,4}) bản sao)?|(?P<only>\d{1,9}) bản sao")
_FILE = re.compile(r"\.(?:docx?|pdf|xlsx?|rtf|rar|zip|jpe?g|png|tiff?)$", re.I)
_FILE_START = re.compile(r"[.;:)](?=[^\s.;:)])")
_CONDITIONAL = re.compile(
    r"nếu|trường hợp|đối với|hoặc|một trong|khi |trừ |tùy|lưu ý|ghi chú|chú ý|không bắt buộc|xuất trình", re.I
)
_NO_HEADING = ("", "--", "-")


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    originals: int
    copies: int
    status: Status


def read_papers(text: str) -> Read[tuple[Paper, ...]]:
    """Split the glued tables into papers. What stands after the last count is never dropped: it makes a doubt."""
    text = normalise(text)
    if not stated(text):
        return Read((), "empty")
    first, *tables = text.split(TABLE_HEADER)
    if not tables:
        return Read((), "unparsed", (_doubt("papers_unread", N_("Chưa đọc được thành phần hồ sơ; xem nguyên văn.")),))
    heading, rest = first.strip(), ""
    papers: list[Paper] = []
    statuses: list[Status] = []
    for table in tables:
        rows, rest = _split_rows(table)
        for row in rows[: MAX_PAPERS - len(papers)]:
            papers.append(_make_paper(row, heading, len(papers) + 1, is_only_group=len(tables) == 1))
            statuses.append(row.status)
        heading = rest.strip()
    if heading not in _NO_HEADING or len(papers) >= MAX_PAPERS:  # a heading without a table: text of a paper was lost
        statuses.append("doubtful")
    if not papers:
        return Read((), "unparsed", (_doubt("papers_unread", N_("Chưa đọc được thành phần hồ sơ; xem nguyên văn.")),))
    status = combine(statuses)
    doubts = (_doubt("papers_doubtful", N_("Một số giấy tờ trong dữ liệu nguồn nêu chưa rõ; xem nguyên văn.")),)
    return Read(tuple(papers), status, doubts if status == "doubtful" else ())


def _split_rows(table: str) -> tuple[list[_Row], str]:
    rows, start = [], 0
    for match in _COUNT.finditer(table):
        cut = _cut_count(table, match)
        if cut is None:
            continue
        name_end, originals, copies, status = cut
        name = table[start:name_end].strip()
        start = match.end()
        if name:
            rows.append(_Row(name, originals, copies, status))
    return rows, table[start:]


def _cut_count(table: str, match: re.Match[str]) -> tuple[int, int, int, Status] | None:
    """Tell a table's count from the same words inside a name ('...: 01 bản chính có xác nhận').

    A count is glued to the name before it and to the next name after it; glued on one side only, it is doubtful.
    """
    if _COUNT.match(table, match.end()):  # '...: 01 bản chính1 bản chính': the second one is the table's
        return None
    digits = match["originals"] or match["only"]
    before = table[match.start() - 1 : match.start()] if match.start() else ""
    after = table[match.end() : match.end() + 1]
    is_glued_left = bool(before) and not before.isspace()
    is_glued_right = not after or not (after.isspace() or after in ".,;:)/")
    has_own_zero = len(digits) > 1 and digits[0] == "0"
    if not (is_glued_left and not has_own_zero) and not is_glued_right:
        return None
    name_end, count = match.start(), int(digits)
    status: Status = "parsed" if is_glued_left and is_glued_right else "doubtful"
    if len(digits) > 1 and (not is_glued_left or has_own_zero or count > MOST_COPIES):
        name_end, count, status = match.start() + len(digits) - 1, int(digits[-1]), "doubtful"
    if match["only"]:
        return name_end, 0, count, status
    return name_end, count, int(match["copies"] or 0), status


def _make_paper(row: _Row, heading: str, number: int, *, is_only_group: bool) -> Paper:
    name, template = _cut_template(row.name)
    has_file = bool(_FILE.search(row.name))
    is_counted = bool(row.originals or row.copies)
    heading = "" if heading in _NO_HEADING else " ".join(heading.split()).rstrip(":")
    conditional = not is_counted or not is_only_group or bool(_CONDITIONAL.search(f"{heading} {name}"))
    return Paper(
        code=f"p{number}",
        name=name,
        kind=_kind(row, has_file=has_file),
        originals=row.originals if is_counted else None,
        copies=row.copies if is_counted else None,
        required=not conditional,  # asked for without fail only where the source leaves no other reading
        condition=heading,
        template_name=template,
        mark="sure" if row.status == "parsed" and (template or not has_file) else "unsure",
    )


def _cut_template(name: str) -> tuple[str, str]:
    """Cut a glued file name off where a closing sign shows the seam; else leave it in the name, to be seen."""
    one_line = " ".join(name.split())
    file = _FILE.search(one_line)
    if not file:
        return one_line, ""
    seams = [seam.end() for seam in _FILE_START.finditer(one_line, 0, file.start())]
    if not seams:
        return one_line, ""
    seam = seams[-1]
    if seam > 1 and one_line[seam - 2 : seam - 1].isdigit() and one_line[seam : seam + 1].isdigit():
        return one_line, ""  # '12.04.2021.doc': the dots are inside the file name
    return one_line[:seam].strip(), one_line[seam:].strip()


def _kind(row: _Row, *, has_file: bool) -> PaperKind:
    if has_file:
        return "form"
    if row.originals and not row.copies:
        return "original"
    if row.copies and not row.originals:
        return "copy"
    return "either"


def _doubt(code: str, message: str) -> Doubt:
    return Doubt(field="papers", code=code, message=message)
