"""One granted GovStack operation on one register: what may decide, what may be written, what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from motcua.exchange.actions.calls import Call
from motcua.exchange.actions.consents import has_agreed
from motcua.exchange.actions.reading import make_reading
from motcua.exchange.rules.filtering import filter_fields
from motcua.exchange.rules.govstack import covers, denied, not_found, to_uuid
from motcua.exchange.types import Asked, GrantInfo
from motcua.registers.public import RecordInfo, RegisterInfo, find_matching, read_matching


class Job:
    """One granted operation on one register."""

    def __init__(self, call: Call, asked: Asked, grant: GrantInfo, register: RegisterInfo, now: datetime) -> None:
        self.call, self.asked, self.grant, self.register, self.now = call, asked, grant, register, now
        self.reading = make_reading(call, asked, grant)
        self.actor = str(asked.client)[:120]
        # The field by which its records name themselves, however it is spelt; else ours is shown as "id".
        named = (name for name in register.schema.get("properties", {}) if name.lower() == "id")
        self.id_field = next(named, "")

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(field.split(".")[0] for field in self.grant.fields))

    @property
    def known_fields(self) -> list[str]:
        """The fields granted whole: for the caller the register has no other."""
        if "*" in self.grant.fields:
            return list(self.register.schema.get("properties", {}))
        return [field for field in self.grant.fields if "." not in field]

    def show(self, record: RecordInfo) -> dict[str, Any]:
        """Return the granted part of a record; `id` is its own, or ours when its register has none."""
        shown = filter_fields(record.data, self.grant.fields)
        return shown if self.id_field else {"id": str(record.uuid), **shown}

    def take(self, content: dict[str, Any]) -> tuple[dict[str, Any], UUID | None]:
        """Return content that may decide or be written, and the record that its `id` names. Raises: GovStackRefused."""
        record_uuid = None
        if not self.id_field and "id" in content:
            content = dict(content)
            record_uuid = to_uuid(content.pop("id"))
            if record_uuid is None:
                raise not_found()
        if not covers(self.grant, set(content)):
            raise denied()
        return content, record_uuid

    def find(self, query: dict[str, Any], *, count: int = 1, is_read: bool = False) -> tuple[RecordInfo, ...]:
        content, record_uuid = self.take(query)
        if is_read:
            return self.read(content, record_uuid, fields=self.fields, count=count)
        return find_matching(self.register.code, content, record_uuid=record_uuid, count=count, now=self.now)

    def read(
        self, content: dict[str, Any], record_uuid: UUID | None, *, fields: Sequence[str], count: int = 1
    ) -> tuple[RecordInfo, ...]:
        """Read what holds `content`; by consent only what its person agreed to, as if nothing else were there."""
        if self.grant.consent_purpose:
            found = find_matching(self.register.code, content, record_uuid=record_uuid, count=count, now=self.now)
            if not all(has_agreed(each.data, register=self.register, grant=self.grant, now=self.now) for each in found):
                return ()
        return read_matching(
            self.register.code, content, record_uuid=record_uuid, fields=fields, count=count, reading=self.reading,
            now=self.now,
        )  # fmt: skip

    def read_again(self, record_uuid: UUID) -> tuple[RecordInfo, ...]:
        """Read the record that this request changed before."""
        self.call.record_uuid = record_uuid
        return read_matching(
            self.register.code, {}, record_uuid=record_uuid, fields=self.fields, reading=self.reading, now=self.now
        )

    def names_of(self, text: str) -> Iterator[tuple[dict[str, Any], UUID | None]]:
        """Yield what a record's name in an address may be: our uuid, or one of its register's keys."""
        if (record_uuid := to_uuid(text)) is not None and not self.id_field:
            yield {}, record_uuid
        keys = [key.fields[0] for key in self.register.keys if len(key.fields) == 1]
        for field in dict.fromkeys((*filter(None, [self.id_field]), *keys)):
            yield {field: text}, None
