"""The face of the vault: papers that a person or firm holds."""

from __future__ import annotations

from motcua.vault.actions.certifying import (
    approve_copy,
    cancel_copy,
    certify_copy,
    check_original,
    deposit_copy,
    ensure_drawn,
    receive_original,
)
from motcua.vault.actions.deleting import (
    ask_paper_deletion,
    ask_vault_deletion,
    execute_due,
    sign_records,
    undo_deletion,
)
from motcua.vault.actions.deposit import deposit_paper
from motcua.vault.actions.exporting import export_vault
from motcua.vault.actions.keys import rewrap, rotate_keeper_key
from motcua.vault.actions.reading import read_paper
from motcua.vault.actions.renewing import renew_papers
from motcua.vault.actions.sharing import ShareWish, find_offer, open_shared, revoke_share, share_paper
from motcua.vault.actions.verifying import deposit_verified
from motcua.vault.queries.access import get_access, list_open_vaults
from motcua.vault.queries.copies import find_certified_by_code, find_certified_by_sha256, get_copy, list_copies
from motcua.vault.queries.deletions import get_deletion, judge_paper_deletions, list_deletions
from motcua.vault.queries.keys import count_keys
from motcua.vault.queries.papers import find_owner, find_papers, get_paper
from motcua.vault.queries.shares import list_openings, list_shares
from motcua.vault.rules.certifying import CHECKS, KINDS, CopyWish, list_wish_faults
from motcua.vault.rules.verifying import SOURCES, VerifiedWish, list_wrong
from motcua.vault.types import (
    Access,
    CodeWrong,
    CopyApproved,
    CopyCertified,
    CopyInfo,
    CopyRefused,
    CopyUnknown,
    DeletionBlocked,
    DeletionInfo,
    DeletionUnknown,
    NewShare,
    OpenedPaper,
    OpeningInfo,
    PaperDestroyed,
    PaperInfo,
    PaperRefused,
    PaperUnknown,
    Reading,
    ReadingRefused,
    Recipient,
    RetentionVerdict,
    ShareInfo,
    ShareUnknown,
    TooLateToUndo,
)

__all__ = [
    "Access", "CHECKS", "CodeWrong", "CopyApproved", "CopyCertified", "CopyInfo", "CopyRefused", "CopyUnknown",
    "CopyWish", "DeletionBlocked", "DeletionInfo", "DeletionUnknown", "KINDS", "NewShare", "OpenedPaper",
    "OpeningInfo", "PaperDestroyed", "PaperInfo", "PaperRefused", "PaperUnknown", "Reading", "ReadingRefused",
    "Recipient", "RetentionVerdict", "SOURCES", "ShareInfo", "ShareUnknown", "ShareWish", "TooLateToUndo",
    "VerifiedWish", "approve_copy", "ask_paper_deletion", "ask_vault_deletion", "cancel_copy", "certify_copy",
    "check_original", "count_keys", "deposit_copy", "deposit_paper", "deposit_verified", "ensure_drawn",
    "execute_due", "export_vault", "find_certified_by_code", "find_certified_by_sha256", "find_offer", "find_owner",
    "find_papers", "get_access", "get_copy", "get_deletion", "get_paper", "judge_paper_deletions", "list_copies",
    "list_wish_faults",
    "list_deletions", "list_open_vaults", "list_openings", "list_shares", "list_wrong", "open_shared", "read_paper",
    "receive_original", "renew_papers", "revoke_share", "rewrap", "rotate_keeper_key", "share_paper", "sign_records",
    "undo_deletion",
]  # fmt: skip
