"""Registers and readers for tests, here and in modules above. Nobody here is real."""

from __future__ import annotations

from datetime import UTC, datetime

from motcua.audit.public import Actor
from motcua.registers.actions.describing import describe_registers
from motcua.registers.types import Reading

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
OFFICIAL = Actor(kind="official", id="thu", name="Trần Văn Thử")
READING = Reading(actor=OFFICIAL, purpose="Giải quyết hồ sơ đăng ký khai sinh", legal_ground="Luật Hộ tịch, Điều 16")


def describe() -> None:
    """Take up the registers that ship with the product."""
    describe_registers(now=NOW)


def person(number: str = "079190000001", name: str = "Nguyễn Thị Hạnh Thử", **more: object) -> dict[str, object]:
    return {"personal_id": number, "full_name": name, **more}
