"""What happened, as plain facts: the base of events, their JSON form and their CloudEvents envelope.

Storing and delivering them is the work of `motcua.outbox`.
"""

from __future__ import annotations

import types
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

JsonValue = str | int | bool | None
EventT = TypeVar("EventT", bound="Event")


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact in the past tense. Subclasses set `event_type` ('dossier.filed.v1') and flat fields.

    Fields may be str, int, bool, None, UUID, datetime (aware) or date.
    """

    event_type: ClassVar[str] = ""

    @property
    def subject(self) -> str:
        """What the event is about, for the envelope; subclasses say it better."""
        return ""


def to_payload(event: Event) -> dict[str, JsonValue]:
    """Return the event's fields as JSON-safe values."""
    return {field.name: _encode(getattr(event, field.name)) for field in fields(event)}


def from_payload(event_class: type[EventT], payload: dict[str, Any]) -> EventT:
    """Rebuild an event from `to_payload`'s answer; fields unknown to the class are ignored, missing ones default.

    Raises: TypeError when a field without default is missing or a value does not fit its type.
    """
    hints = get_type_hints(event_class)
    values = {
        field.name: _decode(payload[field.name], hints[field.name], field.name)
        for field in fields(event_class)
        if field.name in payload
    }
    return event_class(**values)


def to_cloudevent(event: Event, *, id: UUID, time: datetime, source: str) -> dict[str, Any]:
    """Return the event in the CloudEvents 1.0 JSON envelope."""
    return {
        "specversion": "1.0",
        "id": str(id),
        "source": source,
        "type": event.event_type,
        "subject": event.subject,
        "time": _encode(time),
        "datacontenttype": "application/json",
        "data": to_payload(event),
    }


def _encode(value: object) -> JsonValue:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("An event's moment must carry its zone.")
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"An event cannot carry a {type(value).__name__}.")


def _decode(value: JsonValue, hint: Any, name: str) -> object:
    options = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    if value is None and type(None) in options:
        return None
    for option in options:
        try:
            return _decode_one(value, option)
        except (TypeError, ValueError):
            continue
    raise TypeError(f"Field {name} cannot hold {value!r}.")


def _decode_one(value: JsonValue, option: Any) -> object:
    if option is datetime and isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("no zone")
        return moment
    if option is date and isinstance(value, str):
        return date.fromisoformat(value)
    if option is UUID and isinstance(value, str):
        return UUID(value)
    if option in (str, bool, int) and type(value) is option:
        return value
    raise TypeError(option)
