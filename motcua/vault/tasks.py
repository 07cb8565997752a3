"""Background work of the vault: copies signed and put away, deletions carried out, their records signed."""

from __future__ import annotations

from datetime import datetime

from motcua.documents.public import FileRenewed
from motcua.outbox.public import register_periodic, subscribe
from motcua.vault.actions.certifying import certify_copy, deposit_copy
from motcua.vault.actions.deleting import execute_due, sign_records
from motcua.vault.actions.renewing import renew_certified_copy
from motcua.vault.types import CopyApproved, CopyCertified

DELETE_EVERY_SECONDS = 60


@subscribe(CopyApproved, name="vault.certify_copy", asks_network=True)
def handle_copy_approved(event: CopyApproved, *, now: datetime) -> None:
    """Sign the approved copy. Delivered twice, it changes nothing; without a key it is tried again."""
    certify_copy(event.copy_uuid, now=now)


@subscribe(CopyCertified, name="vault.deposit_copy")
def handle_copy_certified(event: CopyCertified, *, now: datetime) -> None:
    """Put the copy into the vault. Delivered twice, it changes nothing."""
    deposit_copy(event.copy_uuid, now=now)


@subscribe(FileRenewed, name="vault.renew_copy")
def handle_file_renewed(event: FileRenewed, *, now: datetime) -> None:
    """Let the owner's certified copy follow its archive time-stamp. Delivered twice, it changes nothing."""
    renew_certified_copy(event.file_id, now=now)


@register_periodic("vault.execute_deletions", DELETE_EVERY_SECONDS)
def execute_deletions(*, now: datetime) -> None:
    """Destroy what is due, then sign the records. Killed between the two, the next round signs."""
    execute_due(now=now)
    sign_records(now=now)
