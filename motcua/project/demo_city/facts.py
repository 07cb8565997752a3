"""Facts for the demonstration's forms: the owners of the registers have let the one-stop system ask."""

from __future__ import annotations

from datetime import datetime

from motcua.audit.public import Actor
from motcua.exchange.public import ensure_fact_grants

ASKER = Actor(kind="system", id="demo-one-stop", name="Hệ thống một cửa (trình diễn)")
OWNER = Actor(kind="system", id="demo-owners", name="Chủ các sổ dữ liệu (trình diễn)")


def build_facts(*, now: datetime) -> int:
    """Grant what forms need of registers; return how many grants were given. Done twice, it gives none."""
    return ensure_fact_grants(asker=ASKER, owner=OWNER, now=now)
