"""Plain Vietnamese: short sentences, words of every day, no unexplained abbreviations. Advice, never an obstacle.

The list of words is our own: what officials write, and what a neighbour would say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from motcua.designer.rules.reading import FORM, PROCEDURE, PROCESS, Package, warning
from motcua.designer.types import Finding
from motcua.kernel.messages import N_
from motcua.kernel.text import to_nfc

MAX_SYLLABLES = 36
MAX_LABEL_SYLLABLES = 22
OFFICIALESE = {
    "căn cứ theo quy định": "theo quy định",
    "tiến hành thực hiện": "làm",
    "tiến hành": "làm",
    "trong trường hợp": "nếu",
    "đối với trường hợp": "nếu",
    "có trách nhiệm": "phải",
    "có nghĩa vụ": "phải",
    "đề nghị quý khách": "xin bạn",
    "quý khách": "bạn",
    "đương sự": "người làm đơn",
    "cá nhân có yêu cầu": "người nộp",
    "người có yêu cầu": "người nộp",
    "chủ thể": "người, tổ chức",
    "đảm bảo": "bảo đảm",
    "thông qua việc": "bằng cách",
    "nhằm mục đích": "để",
    "phục vụ cho việc": "để",
    "trên cơ sở": "dựa vào",
    "tại thời điểm": "lúc",
    "kể từ thời điểm": "từ khi",
    "trước thời điểm": "trước khi",
    "trong thời gian sớm nhất": "sớm nhất có thể, hoặc nêu rõ ngày",
    "theo đúng trình tự": "theo thứ tự",
    "bổ khuyết": "bổ sung",
    "tham chiếu": "xem",
    "hồi báo": "trả lời",
    "phúc đáp": "trả lời",
    "thụ lý": "nhận giải quyết",
    "hữu quan": "liên quan",
    "sở tại": "nơi đó",
    "hiện hữu": "đang có",
    "niêm yết": "treo công khai",
    "tống đạt": "giao tận tay",
    "xuất trình": "đưa cho xem",
    "đính kèm": "gửi kèm",
    "kê khai": "khai",
    "hoàn tất": "làm xong",
    "khả thi": "làm được",
    "phương tiện điện tử": "máy tính, điện thoại",
    "nộp bổ sung": "nộp thêm",
    "không bao gồm": "không có",
    "nêu trên": "(nhắc lại tên)",
    "nói trên": "(nhắc lại tên)",
    "như trên": "(nhắc lại tên)",
    "dưới đây": "(nói rõ ở đâu)",
    "vân vân": "(kể cho hết)",
}
KNOWN_ABBREVIATIONS = frozenset(
    {"VNeID", "PDF", "JPG", "PNG", "DOCX", "CCCD", "UBND", "OTP", "SMS", "QR", "HCM", "BHYT", "BHXH", "VNĐ", "GPS"}
    | {"CT01", "CT02", "HTTP", "HTTPS", "ID", "MB", "KB", "HĐND", "A4", "NĐ", "CP", "QH", "TT"}
)
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_ABBREVIATION = re.compile(r"(?<![\w/.-])[A-ZĐƯƠÂĂÊÔ]{2,8}(?![\w/-])")
_PASSIVE = re.compile(r"\b(?:được|bị) (?:\w+ ){1,4}?bởi\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+|\n+")
_PATTERNS = tuple(
    (re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE), words, better)
    for words, better in sorted(OFFICIALESE.items(), key=lambda pair: -len(pair[0]))
)


def check_words(package: Package) -> Iterator[Finding]:
    """Yield warnings on the texts that people read: the form, the procedure's page, the names of steps."""
    for file, element_id, text, kind in _texts(package):
        for code, message in advise(text, kind=kind):
            yield warning(file, element_id, code, message)


def advise(text: str, *, kind: str = "text") -> Iterator[tuple[str, str]]:
    """Yield advice on one text: code and sentence. `kind`: "text", "label" (of a question) or "name" (of a step)."""
    text = to_nfc(text).strip()
    if not text:
        return
    yield from _advise_words(text)
    limit = MAX_SYLLABLES if kind == "text" else MAX_LABEL_SYLLABLES
    for sentence in _SENTENCE_END.split(text):
        count = len(_WORD.findall(sentence))
        if count > limit:
            yield (
                "sentence_too_long",
                N_(
                    "Câu “%(start)s…” dài %(count)s chữ. Hãy chia thành câu ngắn hơn %(limit)s chữ.",
                    start=" ".join(sentence.split()[:6]),
                    count=count,
                    limit=limit,
                ),
            )
    if kind == "label":
        yield from _advise_label(text)


def _advise_words(text: str) -> Iterator[tuple[str, str]]:
    left = text
    for pattern, words, better in _PATTERNS:
        if pattern.search(left):
            left = pattern.sub(" ", left)
            yield "officialese", N_("Đừng viết “%(words)s”, hãy viết “%(better)s”.", words=words, better=better)
    if _PASSIVE.search(text):
        yield "passive", N_("Câu có “được … bởi”. Hãy nói ai làm việc gì.")
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) > 12 and sum(letter.isupper() for letter in letters) > 0.7 * len(letters):
        yield "capitals", N_("Cả câu viết hoa rất khó đọc. Hãy viết thường, chỉ hoa chữ đầu câu và tên riêng.")
        return
    for short in dict.fromkeys(_ABBREVIATION.findall(text)):
        if short not in KNOWN_ABBREVIATIONS and f"({short})" not in text:
            yield "abbreviation", N_("Chữ tắt “%(short)s” chưa được giải thích. Hãy viết đủ.", short=short)


def _advise_label(text: str) -> Iterator[tuple[str, str]]:
    first = text.split()[0].casefold() if text.split() else ""
    if first in ("xin", "hãy", "vui", "đề", "yêu"):
        message = N_(
            "Nhãn “%(text)s” là lời bảo. Hãy viết thành câu hỏi hoặc tên gọi của điều cần hỏi.", text=text[:60]
        )
        yield "label_is_order", message
    if text.endswith((":", ".")):
        yield "label_mark", N_("Nhãn “%(text)s” không cần dấu ở cuối.", text=text[:60])


def _texts(package: Package) -> Iterator[tuple[str, str, str, str]]:
    """Yield what people read: file, element, text, kind."""
    for page in package.form.pages if package.form else ():
        yield FORM, page.key, page.title, "name"
        yield FORM, page.key, page.description, "text"
        for item in page.fields:
            yield FORM, item.key, item.label, "text" if item.type == "checkbox" else "label"
            yield FORM, item.key, item.description, "text"
            yield FORM, item.key, _strip_markup(item.text), "text"
            for option in item.options:
                yield FORM, item.key, option.label, "text"
    for key in ("steps", "requirements", "online_reason"):
        value: Any = package.procedure.get(key, "")
        for text in value if isinstance(value, list) else [value]:
            yield PROCEDURE, key, str(text), "text"
    for element in package.definition.elements if package.definition else ():
        if element.kind in ("user", "end", "subprocess"):
            yield PROCESS, element.id, element.name, "name"


def _strip_markup(text: str) -> str:
    return re.sub(r"<[^>]*>|[*_#`]|\{\{.*?\}\}|\]\([^)]*\)", " ", text)
