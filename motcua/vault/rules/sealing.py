"""How a paper is closed: the paper's own key seals it, the person's key seals the paper's key. Pure.

Each sealed thing is bound to its place (`context`): bytes moved to another paper or person do not open.
Source: NIST SP 800-38D (AES-GCM, 96-bit nonces, 128-bit tags).
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from motcua.vault.types import ContentDamaged

KEY_BYTES = 32
NONCE_BYTES = 12
MAGIC = b"MCV1"


def make_key() -> bytes:
    """Return a fresh random key."""
    return secrets.token_bytes(KEY_BYTES)


def seal(content: bytes, *, key: bytes, context: bytes) -> bytes:
    """Return the content enciphered and bound to its context: mark, nonce, ciphertext with its tag."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return MAGIC + nonce + AESGCM(key).encrypt(nonce, content, MAGIC + context)


def unseal(sealed: bytes, *, key: bytes, context: bytes) -> bytes:
    """Return what was sealed. Raises: ContentDamaged for any other key, context or a single changed bit."""
    start = len(MAGIC) + NONCE_BYTES
    if len(sealed) < start + 16 or not sealed.startswith(MAGIC):
        raise ContentDamaged
    try:
        return AESGCM(key).decrypt(sealed[len(MAGIC) : start], sealed[start:], MAGIC + context)
    except InvalidTag as error:
        raise ContentDamaged from error
