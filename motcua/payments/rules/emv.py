"""Payment codes by EMVCo: objects of tag, length and value, templates within them, and a CRC over the whole.

Source: EMV QRCPS Merchant-Presented Mode 1.1, 3 (coding), 4 (data objects).
A length counts characters, not bytes (3.2); some writers count bytes of UTF-8 instead, and their codes are read too.
Unknown and reserved objects are kept as they are, in their order: what was read is written again sign by sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from motcua.kernel.messages import N_
from motcua.payments.types import QrInvalid

MAX_PAYLOAD = 512  # 3.4: what a phone's camera reads
CRC_TAG = "63"
_HEAD = re.compile(r"[0-9]{4}")
_TEMPLATES = frozenset({"62", "64"} | {f"{tag:02d}" for tag in (*range(26, 52), *range(80, 100))})
_INNER = {"38": frozenset({"01"})}  # NAPAS puts a template into its own


@dataclass(frozen=True, slots=True)
class DataObject:
    """One object: `parts` are those of a template; `counts_bytes`: its writer counted bytes."""

    tag: str
    value: str
    parts: tuple[DataObject, ...] = ()
    counts_bytes: bool = False

    @property
    def length(self) -> int:
        return len(self.value.encode()) if self.counts_bytes else len(self.value)

    def find(self, *path: str) -> str:
        """Return the value at a path of tags within this template; "" where there is none."""
        return find_value(self.parts, *path)


def find_value(objects: Sequence[DataObject], *path: str) -> str:
    """Return the value at a path of tags; "" where there is none."""
    found = next((each for each in objects if each.tag == path[0]), None)
    if found is None:
        return ""
    return found.value if len(path) == 1 else find_value(found.parts, *path[1:])


def find_object(objects: Sequence[DataObject], tag: str) -> DataObject | None:
    """Return the object of a tag at the root."""
    return next((each for each in objects if each.tag == tag), None)


def compute_crc(text: str) -> str:
    """Return the CRC-16/CCITT-FALSE of a payload up to and including "6304", as four upper-case hex digits.

    Source: ISO/IEC 13239, polynomial 0x1021, start 0xFFFF, no reflection, no final xor.
    """
    register = 0xFFFF
    for byte in text.encode("utf-8", "surrogatepass"):
        register ^= byte << 8
        for _ in range(8):
            register = ((register << 1) ^ 0x1021 if register & 0x8000 else register << 1) & 0xFFFF
    return f"{register:04X}"


def read_code(text: str) -> tuple[DataObject, ...]:
    """Take a payload apart: its objects in order, the CRC left out. Raises: QrInvalid, with what is wrong.

    The first object is 00 = "01", the last one the CRC; its hex digits may be of either case.
    """
    if len(text) > MAX_PAYLOAD:
        raise QrInvalid(N_("mã quá dài"))
    if not re.fullmatch(r"6304[0-9A-Fa-f]{4}", text[-8:]):
        raise QrInvalid(N_("thiếu mã kiểm tra (CRC) ở cuối mã; mã có thể quét thiếu"))
    if compute_crc(text[:-4]) != text[-4:].upper():
        raise QrInvalid(N_("mã kiểm tra (CRC) không khớp; mã có thể đã bị sửa hoặc quét thiếu"))
    objects = _read_either(text[:-8])
    if not objects or objects[0].tag != "00" or objects[0].value != "01" or find_object(objects, CRC_TAG) is not None:
        raise QrInvalid(N_("không phải mã thanh toán EMVCo"))
    return objects


def write_code(objects: Sequence[DataObject]) -> str:
    """Write objects as a payload with its CRC. Raises: QrInvalid when a value does not fit its length."""
    text = "".join(_write(each) for each in objects) + CRC_TAG + "04"
    return text + compute_crc(text)


def make_object(tag: str, value: str) -> DataObject:
    """Make a simple object. Raises: QrInvalid for a value that is empty or longer than 99 characters."""
    if not value or len(value) > 99:
        raise QrInvalid(N_("nội dung trong mã quá dài"))
    return DataObject(tag, value)


def make_template(tag: str, parts: Sequence[DataObject]) -> DataObject:
    """Make a template of other objects. Raises: as make_object."""
    made = make_object(tag, "".join(_write(each) for each in parts))
    return DataObject(tag, made.value, tuple(parts))


def walk(objects: Sequence[DataObject], *, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, value) of each object that is no template, paths as "38.01.00"."""
    for each in objects:
        path = f"{prefix}{each.tag}"
        if each.parts:
            yield from walk(each.parts, prefix=f"{path}.")
        else:
            yield path, each.value


def _write(each: DataObject) -> str:
    if not 0 < each.length <= 99:
        raise QrInvalid(N_("nội dung trong mã quá dài"))
    return f"{each.tag}{each.length:02d}{each.value}"


def _read_either(text: str) -> tuple[DataObject, ...]:
    try:
        return _read_objects(text, counts_bytes=False)
    except QrInvalid:
        if text.isascii():
            raise
        return _read_objects(text, counts_bytes=True)


def _read_objects(text: str, *, counts_bytes: bool, within: str = "") -> tuple[DataObject, ...]:
    found: list[DataObject] = []
    seen: set[str] = set()
    at = 0
    while at < len(text):
        head = text[at : at + 4]
        if not head.isascii() or not _HEAD.fullmatch(head) or head[:2] in seen or head[2:] == "00":
            raise QrInvalid(N_("cấu trúc của mã bị hỏng"))
        tag, length = head[:2], int(head[2:])
        value = _take(text, at + 4, length, counts_bytes)
        seen.add(tag)
        found.append(_read_object(tag, value, counts_bytes, within))
        at += 4 + len(value)
    return tuple(found)


def _read_object(tag: str, value: str, counts_bytes: bool, within: str) -> DataObject:
    is_template = tag in _TEMPLATES if not within else tag in _INNER.get(within, frozenset())
    parts: tuple[DataObject, ...] = ()
    if is_template:
        try:
            parts = _read_objects(value, counts_bytes=counts_bytes, within=tag)
        except QrInvalid:
            if tag in ("38", "62", "64") or within:
                raise  # these the standard and NAPAS define; what others put into theirs is theirs
    return DataObject(tag, value, parts, counts_bytes)


def _take(text: str, start: int, length: int, counts_bytes: bool) -> str:
    if not counts_bytes:
        value = text[start : start + length]
        if len(value) != length:
            raise QrInvalid(N_("cấu trúc của mã bị hỏng"))
        return value
    taken = text[start:].encode("utf-8", "surrogatepass")[:length]
    value = taken.decode("utf-8", "ignore")
    if len(taken) != length or len(value.encode("utf-8", "surrogatepass")) != length:
        raise QrInvalid(N_("cấu trúc của mã bị hỏng"))
    return value
