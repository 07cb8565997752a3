"""Who keeps the keys that close people's keys: named by a setting, built once; nobody here imports an adapter."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from motcua.vault.types import KeyKeeper

_ADAPTERS = "motcua.vault.adapters"


def get_key_keeper() -> KeyKeeper:
    """Return the keeper that MOTCUA_VAULT_KEEPER names: `software` (VAR_DIR/keys/vault), `pkcs11` or a dotted path."""
    kind = str(getattr(settings, "MOTCUA_VAULT_KEEPER", "software"))
    if kind == "software":
        return _build_software(Path(settings.VAR_DIR) / "keys" / "vault")
    if kind == "pkcs11":
        return cast(KeyKeeper, import_string(f"{_ADAPTERS}.pkcs11_keeper.make_keeper")())
    return cast(KeyKeeper, import_string(kind)())


@cache
def _build_software(folder: Path) -> KeyKeeper:
    return cast(KeyKeeper, import_string(f"{_ADAPTERS}.software_keeper.SoftwareKeeper")(folder))
