"""How states are written for the national portal and what is believed of its answers. Pure; the names are data.

Source: Circular 01/2018/TT-VPCP, Art. 16; in force 2019-01-06.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from motcua.kernel.clock import HCM, to_local
from motcua.national.types import Acknowledgement, StatusNote, ToldState

MAX_LINES: Final = 5_000
MAX_TEXT: Final = 500
MAX_CODE: Final = 80


class AnswerBroken(ValueError):
    """An answer that must not be used."""


def format_stamp(at: datetime | None) -> str:
    """Write a moment as the portal does, in the city's time: yyyyMMddHHmmss."""
    return f"{to_local(at):%Y%m%d%H%M%S}" if at is not None else ""


def parse_stamp(text: object) -> datetime:
    """Read such a moment. Raises: AnswerBroken."""
    if not (isinstance(text, str) and len(text) == 14 and text.isascii() and text.isdigit()):
        raise AnswerBroken("no moment")
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=HCM)
    except ValueError as error:
        raise AnswerBroken("no moment") from error


def write_notes(notes: Sequence[StatusNote], names: Mapping[str, Any]) -> bytes:
    """Return one request that tells these states; empty values are left out."""
    lines = [_write_note(note, names) for note in notes]
    return json.dumps({names["lists"]["told"]: lines}, ensure_ascii=False).encode()


def _write_note(note: StatusNote, names: Mapping[str, Any]) -> dict[str, Any]:
    values = {
        "message_id": str(note.message_id),
        "seq": note.seq,
        "state": note.state,
        "happened_at": format_stamp(note.happened_at),
        "dossier_no": note.dossier_no,
        "national_code": note.national_code,
        "procedure_code": note.procedure_code,
        "procedure_name": note.procedure_name,
        "agency_code": note.agency_code,
        "agency_name": note.agency_name,
        "channel": names["channels"].get(note.channel, ""),
        "received_at": format_stamp(note.received_at),
        "due_at": format_stamp(note.due_at),
        "ended_at": format_stamp(note.ended_at),
        "delivered_at": format_stamp(note.delivered_at),
        "reason": note.reason,
    }
    return {names["note"][key]: value for key, value in values.items() if value != ""}


def read_acknowledgements(content: bytes, names: Mapping[str, Any]) -> tuple[Acknowledgement, ...]:
    """Read what was said of each message; a line that is none is no acknowledgement. Raises: AnswerBroken."""
    lines = _read_list(content, names["lists"]["acknowledged"])
    answers = []
    for line in lines[:MAX_LINES]:
        message_id, code = line.get(names["note"]["message_id"]), line.get(names["answer"]["code"])
        if not isinstance(message_id, str) or not isinstance(code, str):
            continue
        text = line.get(names["answer"]["text"], "")
        answers.append(
            Acknowledgement(
                message_id=message_id[:MAX_CODE],
                code=code[:20],
                text=str(text)[:MAX_TEXT].replace("\x00", ""),
                is_accepted=code in names["answer"]["accepted"],
                is_final=code in names["answer"]["accepted"] or code not in names["answer"]["again"],
            )
        )
    return tuple(answers)


def read_day_page(content: bytes, names: Mapping[str, Any]) -> tuple[tuple[ToldState, ...], bool]:
    """Read one page of the other side's list of a day, and whether another follows. Raises: AnswerBroken."""
    lines = _read_list(content, names["lists"]["day"])
    if len(lines) > MAX_LINES:
        raise AnswerBroken("page too long")
    more = _read_object(content).get(names["answer"]["has_more"])
    return tuple(_read_told(line, names) for line in lines), more is True


def _read_told(line: Mapping[str, Any], names: Mapping[str, Any]) -> ToldState:
    note = names["note"]
    code = line.get(note["dossier_no"]) or line.get(note["national_code"])
    state = line.get(note["state"])
    if isinstance(state, str) and state.isascii() and state.isdigit() and len(state) <= 2:
        state = int(state)  # some adapters write numbers as texts
    if not isinstance(code, str) or not code or len(code) > MAX_CODE:
        raise AnswerBroken("no code")
    if not isinstance(state, int) or isinstance(state, bool) or not 1 <= state <= 10:
        raise AnswerBroken("unknown state")
    return ToldState(
        code=code,
        state=state,
        happened_at=parse_stamp(line.get(note["happened_at"])),
        accepted_at=parse_stamp(line.get(names["answer"]["accepted_at"])),
    )


def read_codes(content: bytes, names: Mapping[str, Any]) -> tuple[str, ...]:
    """Read which packages wait for us there. Raises: AnswerBroken."""
    codes = _read_object(content).get(names["lists"]["packages"])
    if not isinstance(codes, list):
        raise AnswerBroken("no list")
    return tuple(each for each in codes[:MAX_LINES] if isinstance(each, str) and 0 < len(each) <= MAX_CODE)


def _read_object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise AnswerBroken("not JSON") from error
    if not isinstance(found, dict):
        raise AnswerBroken("no object")
    return found


def _read_list(content: bytes, name: str) -> list[Mapping[str, Any]]:
    lines = _read_object(content).get(name)
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise AnswerBroken("no list")
    return lines
