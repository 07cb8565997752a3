"""The vault of people's papers: who keeps the keys, who signs records of deletion. Used by base.py."""

from __future__ import annotations

import os

MOTCUA_VAULT_KEEPER = os.environ.get("MOTCUA_VAULT_KEEPER", "software")  # or "pkcs11": keys in the token of signatures
MOTCUA_VAULT_PKCS11_PREFIX = os.environ.get("MOTCUA_VAULT_PKCS11_PREFIX", "vault-kek")  # label of its AES keys there
MOTCUA_VAULT_SIGNER = os.environ.get("MOTCUA_VAULT_SIGNER", "vault")  # whose key signs records of deletion
_undo_hours = os.environ.get("MOTCUA_VAULT_UNDO_HOURS", "48")  # grace before a deletion; the law asks for it within 72
MOTCUA_VAULT_UNDO_HOURS = int(_undo_hours)
