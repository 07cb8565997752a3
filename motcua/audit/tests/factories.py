"""Actors and entries of the tests."""

from __future__ import annotations

from datetime import UTC, datetime

from motcua.audit.public import Actor, record_decision, record_read

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
OFFICIAL = Actor(kind="official", id="7c1d", name="Trần Thị Bảy", agency_code="H29.26743")


def write_entries(count: int) -> None:
    """Write decisions about dossiers 0, 1, 2, ..."""
    for number in range(count):
        record_decision(OFFICIAL, subject=f"case:{number}", action="sign", details={"no": number}, now=NOW)


def write_read(subject: str) -> None:
    """Write one reading of a person's data."""
    record_read(
        OFFICIAL,
        subject=subject,
        what="profile",
        purpose="Giải quyết hồ sơ H29-261122-0001",
        legal_ground="Nghị định 118/2025/NĐ-CP",
        now=NOW,
    )
