"""Read "cách thức thực hiện": channel, time limit, fee and note glued together without separators."""

from __future__ import annotations

import re
from dataclasses import dataclass

from motcua.kernel.messages import N_
from motcua.procedures.rules.glued import NO_INFORMATION, Read, Status, combine, normalise
from motcua.procedures.rules.source_fees import SourceFee, read_fee
from motcua.procedures.types import Channel, ChannelRow, Doubt, FeeRow, TermUnit

HEADER = "Hình thức nộpThời gianPhí, lệ phíMô tả"
MAX_ROWS = 60
CHANNEL_WORDS: dict[str, Channel] = {
    "Trực tuyến": "online",
    "Trực tiếp": "in_person",
    "Dịch vụ bưu chính": "post",
}
_UNITS: dict[str, tuple[TermUnit, int]] = {
    "Ngày làm việc": ("workday", 1),
    "Giờ làm việc": ("work_hour", 1),
    "Ngày": ("calendar_day", 1),
    "Giờ": ("work_hour", 1),
    "Tuần": ("calendar_day", 7),
    "Tháng": ("month", 1),
    "Năm": ("month", 12),
}
UNIT_NAMES: dict[TermUnit, str] = {
    "workday": "ngày làm việc",
    "work_hour": "giờ làm việc",
    "calendar_day": "ngày",
    "month": "tháng",
}
_HOURS_EACH: dict[TermUnit, float] = {"work_hour": 1, "workday": 8, "calendar_day": 8 * 5 / 7, "month": 8 * 22}
_LONGEST_HOURS = 10 * 12 * 8 * 22  # ten years: no procedure takes longer; more is figures that ran together

_CHANNEL = r"(?P<channel>Trực tuyến|Dịch vụ bưu chính|Trực tiếp)"
_TERM = r"(?P<number>\d{1,4}(?:[.,]\d{1,2})?) ?(?P<unit>Ngày làm việc|Giờ làm việc|Ngày|Giờ|Tuần|Tháng|Năm)"
_WORD_FEE = rf"Miễn phí|{NO_INFORMATION}"
_SUM_FEE = r"\d[\d.,]{0,20} ?(?:Việt Nam Đồng|VNĐ|USD|EUR)|[.,]?\d{0,15} (?:Việt Nam Đồng|VNĐ)"
_ROW = re.compile(
    rf"{_CHANNEL}(?:"
    rf"(?:{_TERM}|(?P<none>{NO_INFORMATION}))(?P<fee>{_WORD_FEE}|{_SUM_FEE})"
    rf"|(?P<bare>\d{{1,4}})(?P<word_fee>{_WORD_FEE})"
    # "Trực tuyến120 VNĐ" is a bare term and a sum: where one ends and the other begins cannot be known
    r"|(?P<fused>\d[\d.,]{0,20} (?:Việt Nam Đồng|VNĐ|USD)))"
)
_FREE_TERM_ROW = re.compile(rf"{_CHANNEL}(?P<free>[^\d\n][^\n]{{0,200}}?)(?P<fee>{_WORD_FEE})")
_NEXT_FEE = re.compile(r"\d[\d.,]{0,20} (?:Việt Nam Đồng|VNĐ|USD|EUR)")


@dataclass(frozen=True, slots=True)
class SourceTerm:
    """A time limit as one row states it; amount None when it cannot be read."""

    text: str
    amount: int | None = None
    unit: TermUnit | None = None
    status: Status = "empty"

    @property
    def hours(self) -> float:
        """Give a rough length in working hours, only to compare two limits."""
        return self.amount * _HOURS_EACH[self.unit] if self.amount and self.unit else 0.0


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One way to file, as the source states it."""

    channel: Channel
    term: SourceTerm
    fees: tuple[SourceFee, ...]
    note: str


def read_channels(text: str) -> Read[tuple[SourceRow, ...]]:
    """Split the glued text into rows. Text before the first row, if any, makes the field doubtful."""
    text = normalise(text)
    body = text.removeprefix(HEADER).strip()
    if not body or body == NO_INFORMATION:
        return Read((), "empty")
    starts = _find_rows(body)
    if not starts:
        return Read((), "unparsed", (_doubt("channels_unread", N_("Chưa đọc được cách thức nộp; xem nguyên văn.")),))
    ends = [start.start() for start in starts[1:]] + [len(body)]
    rows = tuple(_read_row(start, body[start.end() : end]) for start, end in zip(starts, ends, strict=True))
    clean = text.startswith(HEADER) and starts[0].start() == 0 and len(starts) < MAX_ROWS
    if clean:
        return Read(rows, "parsed")
    return Read(
        rows, "doubtful", (_doubt("channels_rest", N_("Một phần cách thức nộp chưa đọc được; xem nguyên văn.")),)
    )


def _find_rows(body: str) -> list[re.Match[str]]:
    found = list(_ROW.finditer(body))
    first = _FREE_TERM_ROW.match(body)
    if first and not _ROW.match(body):  # a time limit in words: trust it where a row must begin, and its repetitions
        same = re.compile(rf"{_CHANNEL}(?P<free>{re.escape(first['free'])})(?P<fee>{_WORD_FEE})")
        found = sorted([*found, *same.finditer(body)], key=lambda match: match.start())
    return found[:MAX_ROWS]


def _read_row(start: re.Match[str], rest: str) -> SourceRow:
    groups = start.groupdict()
    term = _read_term(groups)
    fees = []
    token = groups.get("fee") or groups.get("word_fee") or groups.get("fused") or ""
    while True:
        note, rest = _take_note(rest)
        fees.append(read_fee(token, note, is_fused=bool(groups.get("fused"))))
        following = _NEXT_FEE.match(rest)
        if not following:
            return SourceRow(CHANNEL_WORDS[groups["channel"]], term, tuple(fees), rest.strip())
        token, rest = following[0], rest[following.end() :]


def _read_term(groups: dict[str, str | None]) -> SourceTerm:
    if groups.get("none"):
        return SourceTerm("")
    if groups.get("free"):
        return SourceTerm((groups["free"] or "").strip(), status="unparsed")
    if groups.get("bare"):
        return SourceTerm(f"{groups['bare']} (không rõ đơn vị)", status="unparsed")
    if groups.get("fused"):
        return SourceTerm("", status="unparsed")
    return read_term(groups["number"] or "", groups["unit"] or "")


def read_term(number: str, unit_words: str) -> SourceTerm:
    """Read '1.5' + 'Ngày làm việc' as 12 working hours; a part of a calendar day or month is not read.

    'Giờ' alone is taken as working hours with doubt. Source: Circular 01/2018/TT-VPCP, Art. 9; in force 2019-01-06.
    """
    text = f"{number} {unit_words.lower()}"
    unit, factor = _UNITS[unit_words]
    thousandths = round(float(number.replace(",", ".")) * 1000) * factor
    if thousandths % 1000 and unit == "workday":
        unit, thousandths = "work_hour", thousandths * 8
    term = SourceTerm(text, thousandths // 1000, unit, "doubtful" if unit_words == "Giờ" else "parsed")
    if thousandths <= 0 or thousandths % 1000 or term.hours > _LONGEST_HOURS:
        return SourceTerm(text, status="unparsed")
    return term


def _take_note(text: str) -> tuple[str, str]:
    """Take a bracketed note off the front; when its bracket never closes, all the rest is the note."""
    if not text.startswith("("):
        return "", text
    depth = 0
    for index, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return text[1:index].strip(), text[index + 1 :]
    return text[1:].strip(), ""


def choose_term(rows: tuple[SourceRow, ...]) -> Read[SourceTerm | None]:
    """Choose the longest time limit that any row states; several different ones are a doubt that is shown."""
    terms = [row.term for row in rows]
    read = [term for term in terms if term.amount]
    status = combine(term.status for term in terms)
    if not read:
        return Read(None, status, (_term_doubt("term_unread"),) if status == "unparsed" else ())
    longest = max(read, key=lambda term: term.hours)
    if len({(term.amount, term.unit) for term in read}) > 1:
        return Read(longest, "doubtful", (_term_doubt("term_varies"),))
    return Read(longest, status, (_term_doubt("term_partly_read"),) if status == "doubtful" else ())


_TERM_DOUBTS = {
    "term_unread": N_("Thời hạn giải quyết trong dữ liệu nguồn không đọc được; xem nguyên văn."),
    "term_varies": N_("Dữ liệu nguồn nêu nhiều thời hạn cho các trường hợp khác nhau; thời hạn dài nhất được dùng."),
    "term_partly_read": N_("Thời hạn giải quyết trong dữ liệu nguồn nêu chưa rõ; xem nguyên văn."),
}


def _term_doubt(code: str) -> Doubt:
    return Doubt(field="term", code=code, message=_TERM_DOUBTS[code])


def _doubt(code: str, message: str) -> Doubt:
    return Doubt(field="channels", code=code, message=message)


def make_channel_rows(rows: tuple[SourceRow, ...]) -> tuple[ChannelRow, ...]:
    """Give the rows in the words of the source, for the page."""
    return tuple(
        ChannelRow(
            channel=row.channel,
            term_text=row.term.text,
            fee_text="; ".join(fee.text for fee in row.fees if fee.text),
            note=row.note,
        )
        for row in rows
    )


def make_fee_rows(rows: tuple[SourceRow, ...]) -> tuple[FeeRow, ...]:
    """Give each different fee of each channel as a row; a fee that cannot be read keeps its words."""
    made = dict.fromkeys(
        FeeRow(
            label="Phí, lệ phí",
            channel=row.channel,
            amount_vnd=fee.amount_vnd,
            per=fee.per,
            text=fee.text,
            mark="sure" if fee.status == "parsed" else "unsure",
        )
        for row in rows
        for fee in row.fees
        if fee.status != "empty"
    )
    return tuple(made)


def combine_fee_status(rows: tuple[SourceRow, ...]) -> Read[None]:
    """Say how well the fees of all rows were read."""
    status = combine(fee.status for row in rows for fee in row.fees)
    if status in ("parsed", "empty"):
        return Read(None, status)
    message = N_("Mức phí trong dữ liệu nguồn chưa rõ; cán bộ tiếp nhận sẽ báo mức thu theo nguyên văn.")
    return Read(None, status, (Doubt(field="fees", code=f"fees_{status}", message=message),))
