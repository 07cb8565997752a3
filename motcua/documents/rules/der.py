"""Is a byte string one DER value, spelt in the only way DER allows? (Lengths, nesting, whole-octet bit strings.)"""

from __future__ import annotations

_CONSTRUCTED = 0x20
_LONG_TAG = 0x1F
_LONG_LENGTH = 0x80
_BIT_STRING = 0x03
_MAX_DEPTH = 40


def measure_container(data: bytes) -> int:
    """Return how many bytes a signature container takes: DER, or BER when its outermost length is left open.

    Many programs write containers piece by piece (30 80 … 00 00); what is signed in them is the same.
    Raises: ValueError.
    """
    if data[1:2] != bytes([_LONG_LENGTH]):
        return measure_der(data)
    kind = _measure_ber(data, 2, len(data), _MAX_DEPTH)
    content = _measure_ber(data, kind, len(data), _MAX_DEPTH)
    if data[content : content + 2] != b"\x00\x00":
        raise ValueError("a container is its kind and its content, nothing else")
    return content + 2


def _measure_ber(data: bytes, start: int, limit: int, depth: int) -> int:
    if depth == 0 or limit - start < 2 or data[start] == 0 or data[start] & _LONG_TAG == _LONG_TAG:
        raise ValueError("too deep, cut off or padded")
    is_constructed = bool(data[start] & _CONSTRUCTED)
    if is_constructed and data[start + 1] == _LONG_LENGTH:
        position = start + 2
        while data[position : position + 2] != b"\x00\x00":
            position = _measure_ber(data, position, limit, depth - 1)
        return position + 2
    body, length = _read_length(data, start + 1, limit)
    end = body + length
    if end > limit:
        raise ValueError("runs past its container")
    position = body if is_constructed else end
    while position < end:
        position = _measure_ber(data, position, end, depth - 1)
    if position != end:
        raise ValueError("runs past its container")
    return end


def measure_der(data: bytes) -> int:
    """Return how many bytes the first DER value of `data` takes.

    Raises: ValueError when it is not DER: a length that is indefinite, longer than needed or past the end, a
    container that its parts do not fill, a signature or key whose bits are not whole octets.
    """
    return _measure(data, 0, len(data), _MAX_DEPTH)


def _measure(data: bytes, start: int, limit: int, depth: int) -> int:
    if depth == 0 or limit - start < 2:
        raise ValueError("too deep or cut off")
    tag = data[start]
    if tag == 0 or tag & _LONG_TAG == _LONG_TAG:
        raise ValueError("padding, or a tag number above 30: neither occurs here")
    body, length = _read_length(data, start + 1, limit)
    end = body + length
    if end > limit:
        raise ValueError("runs past its container")
    if tag & _CONSTRUCTED:
        position = body
        while position < end:
            position = _measure(data, position, end, depth - 1)
    elif tag == _BIT_STRING and (length == 0 or data[body] != 0):
        raise ValueError("bits are not whole octets")
    return end


def _read_length(data: bytes, at: int, limit: int) -> tuple[int, int]:
    """Return where the content starts and how long it is."""
    first = data[at]
    if first < _LONG_LENGTH:
        return at + 1, first
    count = first & ~_LONG_LENGTH
    if not 1 <= count <= 4 or at + 1 + count > limit:
        raise ValueError("indefinite or oversized length")
    length = int.from_bytes(data[at + 1 : at + 1 + count], "big")
    if length < _LONG_LENGTH or length < 1 << (8 * (count - 1)):
        raise ValueError("length spelt longer than needed")
    return at + 1 + count, length
