"""The keeper's keys in a token or HSM (PKCS#11 v2.40): AES keys that never leave it; it closes and opens people's keys.

The token is that of signatures (MOTCUA_PKCS11_LIBRARY, _TOKEN, _PIN); the keys' labels begin with
MOTCUA_VAULT_PKCS11_PREFIX and go on with a number; the highest closes. AES-GCM is done inside the token.
"""

from __future__ import annotations

import secrets
import threading
from datetime import datetime
from functools import cache
from typing import Any

import pkcs11
from django.conf import settings

from motcua.vault.types import ContentDamaged, KeeperAway, KeyDestroyed, WrappedKey

_NONCE_BYTES = 12


class Pkcs11Keeper:
    """One session for each process, one operation at a time; a session that broke is opened again once."""

    def __init__(self, library: str, label: str, pin: str, prefix: str) -> None:
        self._library, self._label, self._pin, self._prefix = library, label, pin, prefix
        self._lock = threading.Lock()
        self._session: Any = None

    def get_current_id(self) -> str:
        names = self._run(self._list)
        return max(names) if names else str(self._run(lambda session: self._make(session, 1)))

    def wrap(self, key: bytes, *, context: bytes) -> WrappedKey:
        kek_id, nonce = self.get_current_id(), secrets.token_bytes(_NONCE_BYTES)

        def close(session: Any) -> bytes:
            kek = session.get_key(pkcs11.ObjectClass.SECRET_KEY, label=kek_id)
            return bytes(kek.encrypt(key, mechanism=pkcs11.Mechanism.AES_GCM, mechanism_param=_param(nonce, context)))

        return WrappedKey(kek_id, nonce + self._run(close))

    def unwrap(self, wrapped: WrappedKey, *, context: bytes) -> bytes:
        nonce, closed = wrapped.wrapped[:_NONCE_BYTES], wrapped.wrapped[_NONCE_BYTES:]

        def open_(session: Any) -> bytes:
            try:
                kek = session.get_key(pkcs11.ObjectClass.SECRET_KEY, label=wrapped.kek_id)
            except pkcs11.NoSuchKey as error:
                raise KeyDestroyed from error
            param = _param(nonce, context)
            try:
                return bytes(kek.decrypt(closed, mechanism=pkcs11.Mechanism.AES_GCM, mechanism_param=param))
            except (pkcs11.EncryptedDataInvalid, pkcs11.EncryptedDataLenRange, pkcs11.GeneralError) as error:
                raise ContentDamaged from error

        opened: bytes = self._run(open_)
        return opened

    def rotate(self, *, now: datetime) -> str:
        number = int(self.get_current_id().rsplit("-", 1)[1]) + 1
        return str(self._run(lambda session: self._make(session, number)))

    def destroy(self, kek_id: str) -> None:
        if kek_id == self.get_current_id():
            raise ValueError("the current key is never destroyed; rotate first")

        def destroy(session: Any) -> None:
            for key in list(session.get_objects({pkcs11.Attribute.LABEL: kek_id})):
                key.destroy()

        self._run(destroy)

    def _list(self, session: Any) -> list[str]:
        found = session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY})
        return [str(key.label) for key in found if str(key.label).startswith(f"{self._prefix}-")]

    def _make(self, session: Any, number: int) -> str:
        label = f"{self._prefix}-{number:06d}"
        session.generate_key(
            pkcs11.KeyType.AES, 256, label=label, store=True,
            template={pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False},
        )  # fmt: skip
        return label

    def _run(self, work: Any) -> Any:
        with self._lock:
            for is_last in (False, True):
                try:
                    return work(self._open())
                except pkcs11.PKCS11Error as error:
                    self._session = None
                    if is_last:
                        raise KeeperAway(type(error).__name__) from error
        raise KeeperAway("no session")

    def _open(self) -> Any:
        if self._session is None:
            token = pkcs11.lib(self._library).get_token(token_label=self._label)
            self._session = token.open(rw=True, user_pin=self._pin)
        return self._session


def _param(nonce: bytes, context: bytes) -> Any:
    return pkcs11.GCMParams(nonce, aad=context, tag_bits=128)


@cache
def make_keeper() -> Pkcs11Keeper:
    """Return the keeper that the settings name."""
    return Pkcs11Keeper(
        settings.MOTCUA_PKCS11_LIBRARY,
        settings.MOTCUA_PKCS11_TOKEN,
        settings.MOTCUA_PKCS11_PIN,
        settings.MOTCUA_VAULT_PKCS11_PREFIX,
    )
