"""What is written to a national database and what is believed of its answer. Pure.

An answer counts only when it is about what was asked: the same request, the same keys, each field of its kind.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from motcua.exchange.types.national import AnswerState, NationalQuestion, NationalReply

MAX_TEXT: Final = 1_000
_STATES: Final[dict[str, AnswerState]] = {"00": "found", "01": "none", "02": "mismatch"}
_SAME: Final = {
    "population": ("personal_id",),
    "enterprise": ("tax_code",),
    "land": ("parcel_id", "area_code", "sheet_no", "parcel_no"),
}


class AnswerBroken(ValueError):
    """An answer that must not be used."""


def write_question(question: NationalQuestion, names: Mapping[str, Any]) -> bytes:
    """Return the question as the other side reads it; empty keys are left out."""
    keys = {names["keys"][key]: value for key, value in question.keys.items() if value}
    asked = {
        "MaYeuCau": question.request_id,
        "TruongDuLieu": [names["fields"][field]["name"] for field in question.fields],
        "MucDich": question.purpose,
        "CanCuPhapLy": question.legal_ground,
        "NguoiTraCuu": question.reader,
    }
    return json.dumps(keys | asked, ensure_ascii=False).encode()


def read_reply(content: bytes, question: NationalQuestion, names: Mapping[str, Any]) -> NationalReply:
    """Read an answer into our own field names. Raises: AnswerBroken for all that cannot be believed."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise AnswerBroken("not JSON") from error
    if not isinstance(said, dict) or said.get("MaYeuCau") != question.request_id:
        raise AnswerBroken("another request")
    state = _STATES.get(str(said.get("TrangThai")))
    if state is None:
        raise AnswerBroken("unknown state")
    as_of = _read_moment(said.get("ThoiDiem"))
    if state != "found":
        return NationalReply(state=state, values={}, as_of=as_of)
    data = said.get("DuLieu")
    if not isinstance(data, dict):
        raise AnswerBroken("no data")
    _check_same(data, question, names)
    values = {field: _read_value(data.get(names["fields"][field]["name"]), names["fields"][field])
              for field in question.fields}  # fmt: skip
    return NationalReply(
        state="found", values={key: value for key, value in values.items() if value is not None}, as_of=as_of
    )


def _check_same(data: Mapping[str, Any], question: NationalQuestion, names: Mapping[str, Any]) -> None:
    """Refuse an answer about somebody or something else."""
    for key in _SAME[question.service]:
        asked = question.keys.get(key)
        if asked and data.get(names["keys"][key]) != asked:
            raise AnswerBroken("about another")


def _read_value(value: object, shape: Mapping[str, Any]) -> object:
    if value is None or value == "":
        return None
    kind = shape.get("kind", "text")
    if kind == "flag":
        return _require(value, isinstance(value, bool))
    if kind == "number":
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**18
        return _require(value, is_number)
    text = _require(value, isinstance(value, str) and len(str(value)) <= MAX_TEXT and "\x00" not in str(value))
    if kind == "date":
        return _read_date(str(text)).isoformat()
    if kind == "code":
        return _require(shape["codes"].get(text), text in shape["codes"])
    return str(text).strip() or None


def _require(value: object, is_fit: bool) -> object:
    if not is_fit:
        raise AnswerBroken("a value of another kind")
    return value


def _read_date(text: str) -> date:
    try:
        if len(text) != 8 or not (text.isascii() and text.isdigit()):
            raise ValueError(text)
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError as error:
        raise AnswerBroken("no date") from error


def _read_moment(value: object) -> datetime | None:
    """Read the source's own moment; one without zone, or none at all, is not guessed."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
