"""Papers for tests, here and in modules above."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from motcua.audit.public import Actor
from motcua.identity.public import PartyRef
from motcua.vault.actions.deposit import deposit_paper
from motcua.vault.adapters.fake import FakeKeeper
from motcua.vault.models import CertificationBook, CertifiedCopy
from motcua.vault.types import PaperInfo, Reading

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
PLAIN = b"%PDF-1.7 paper of nobody real"
READING = Reading(
    actor=Actor(kind="official", id="thu", name="Trần Văn Cán"), purpose="Thử đọc", legal_ground="Kiểm thử"
)
__all__ = ["CertificationBook", "CertifiedCopy", "NOW", "PLAIN", "READING", "make_absent_keeper", "put_paper"]
_serial = count(1)


def put_paper(owner: PartyRef, **values: Any) -> PaperInfo:
    """Deposit a paper of this owner."""
    given: dict[str, Any] = {
        "content": PLAIN, "kind": "result:1.001193", "title": "Giấy khai sinh của Nguyễn Thị Thử",
        "issued_on": date(2026, 11, 19), "origin": "result", "origin_ref": f"H29.1-261119-{next(_serial):04d}",
        "now": NOW,
    }  # fmt: skip
    return deposit_paper(owner=owner, **{**given, **values})


def make_absent_keeper() -> FakeKeeper:
    """Return a keeper that does not answer; named by MOTCUA_VAULT_KEEPER in tests."""
    keeper = FakeKeeper()
    keeper.is_away = True
    return keeper
