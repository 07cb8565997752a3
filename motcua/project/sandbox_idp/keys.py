"""The sandbox's signing key: made once, kept in VAR_DIR so that every web process signs with the same."""

from __future__ import annotations

import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

KEY_BITS = 2048
ALGORITHM = "RS256"


def sign_token(claims: dict[str, Any]) -> str:
    """Return the claims as a signed token."""
    key = load_key(str(settings.VAR_DIR))
    return jwt.encode({"alg": ALGORITHM, "kid": str(key.kid), "typ": "JWT"}, claims, key)


def read_token(token: str) -> dict[str, Any]:
    """Return the claims of a token that we signed, however old. Raises: joserfc.errors.JoseError, ValueError."""
    return dict(jwt.decode(token, load_key(str(settings.VAR_DIR)), algorithms=[ALGORITHM]).claims)


def describe_public_keys() -> dict[str, Any]:
    """Return the key set that clients check our tokens with."""
    return dict(KeySet([load_key(str(settings.VAR_DIR))]).as_dict(private=False))


@lru_cache(maxsize=4)
def load_key(var_dir: str) -> RSAKey:
    """Return the key kept in the folder, made at the first call. Two processes that start together agree on one."""
    path = Path(var_dir) / "sandbox-idp" / "key.pem"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_once(path, RSAKey.generate_key(KEY_BITS).as_pem(private=True))
    key = RSAKey.import_key(path.read_bytes(), {"use": "sig", "alg": ALGORITHM})
    key.ensure_kid()
    return key


def _write_once(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    try:
        os.link(file.name, path)  # fails when another process was first: then theirs is the key
    except FileExistsError:
        pass
    finally:
        Path(file.name).unlink()
