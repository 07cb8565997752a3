"""What an OpenID Connect provider says, checked: its description, its signed ID token, its claims.

OpenID Connect Core 1.0, section 3.1.3.7 (ID token validation); Discovery 1.0, section 4.3 (the issuer must match).
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from motcua.identity.types import IdentityClaims
from motcua.kernel.text import clean_line

CLOCK_SKEW_SECONDS = 60
REQUIRED_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
WELL_KNOWN = "/.well-known/openid-configuration"
SEXES = {"nam": "male", "male": "male", "1": "male", "nữ": "female", "female": "female", "0": "female", "2": "female"}


class ProviderAnswerRefused(Exception):
    """The provider's answer breaks the protocol; the text is for the log, never for the page."""


@dataclass(slots=True)
class ProviderDirectory:
    """Descriptions and keys of providers, kept for a while in this process."""

    lifetime_seconds: int
    _kept: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def get_configuration(self, session: requests.Session, issuer: str) -> dict[str, Any]:
        """Return the provider's description. Raises: ProviderAnswerRefused when it describes another issuer."""
        config = self._get(session, issuer.rstrip("/") + WELL_KNOWN)
        if config.get("issuer") != issuer:
            raise ProviderAnswerRefused(f"discovery of {issuer} names issuer {config.get('issuer')}")
        missing = [name for name in REQUIRED_ENDPOINTS if not isinstance(config.get(name), str)]
        if missing:
            raise ProviderAnswerRefused(f"discovery of {issuer} lacks {', '.join(missing)}")
        return config

    def get_keys(self, session: requests.Session, jwks_uri: str, *, kid: str | None) -> KeySet:
        """Return the provider's keys; asks again at once when `kid` is not among the kept ones (rotation)."""
        keys = self._get(session, jwks_uri)
        if kid is not None and kid not in [key.get("kid") for key in keys.get("keys", [])]:
            self.forget(jwks_uri)
            keys = self._get(session, jwks_uri)
        return KeySet.import_key_set(keys)  # type: ignore[arg-type]  # checked by joserfc itself

    def forget(self, address: str | None = None) -> None:
        """Drop one kept answer, or all."""
        with self._lock:
            if address is None:
                self._kept.clear()
            else:
                self._kept.pop(address, None)

    def _get(self, session: requests.Session, address: str) -> dict[str, Any]:
        kept = self._kept.get(address)
        if kept is not None and time.monotonic() - kept[0] < self.lifetime_seconds:
            return kept[1]
        response = session.get(address, allow_redirects=False)
        response.raise_for_status()
        answer = response.json()
        if not isinstance(answer, dict):
            raise ProviderAnswerRefused(f"{address} did not answer with an object")
        with self._lock:
            self._kept[address] = (time.monotonic(), answer)
        return answer


def verify_id_token(
    id_token: str, *, keys: KeySet, issuer: str, client_id: str, algorithms: Sequence[str], now: datetime
) -> dict[str, Any]:
    """Return the claims of a rightly signed, living token made for us. Raises: ProviderAnswerRefused."""
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=CLOCK_SKEW_SECONDS,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
    )
    try:
        token = jwt.decode(id_token, keys, algorithms=list(algorithms))
        registry.validate(token.claims)
    except (JoseError, ValueError) as error:
        raise ProviderAnswerRefused(f"id token: {error}") from error
    audience = token.claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and token.claims.get("azp") != client_id:
        raise ProviderAnswerRefused("id token: made for several audiences and not for us")
    return dict(token.claims)


def read_kid(id_token: str) -> str | None:
    """Return the key id that the token names, unchecked: only to choose among the provider's own keys."""
    try:
        kid = extract_compact(id_token.encode()).headers().get("kid")
    except (JoseError, ValueError) as error:
        raise ProviderAnswerRefused(f"id token: {error}") from error
    return None if kid is None else str(kid)


def check_nonce(claims: Mapping[str, Any], *, expected: object) -> None:
    """Refuse a token that was not made for this very sign-in."""
    found = claims.get("nonce")
    if not (isinstance(found, str) and isinstance(expected, str) and hmac.compare_digest(found, expected)):
        raise ProviderAnswerRefused("id token: nonce is missing or of another sign-in")


def merge_userinfo(claims: Mapping[str, Any], userinfo: Mapping[str, Any]) -> dict[str, Any]:
    """Join both answers; the signed token wins, and the userinfo must be about the same person."""
    if userinfo and userinfo.get("sub") != claims["sub"]:
        raise ProviderAnswerRefused("userinfo is about another person than the id token")
    return {**userinfo, **claims}


def map_claims(
    claims: Mapping[str, Any], *, provider: str, names: Mapping[str, Sequence[str]], levels: Mapping[str, int]
) -> IdentityClaims:
    """Translate the provider's claims by configuration; an unknown level counts as the lowest."""

    def text(field_name: str) -> str:
        for name in names.get(field_name, ()):
            value = claims.get(name)
            if isinstance(value, Mapping):  # OpenID's address claim
                value = value.get("formatted")
            if isinstance(value, str | int) and clean_line(str(value)):
                return clean_line(str(value))
        return ""

    auth_time = claims.get("auth_time")
    return IdentityClaims(
        provider=provider,
        subject=str(claims["sub"]),
        personal_id=text("personal_id"),
        full_name=text("full_name"),
        birth_on=parse_birth_date(text("birth_on")),
        sex=SEXES.get(text("sex").lower(), ""),
        phone=text("phone"),
        email=text("email"),
        address=text("address"),
        area_code=text("area_code"),
        level=levels.get(text("level"), 1),
        authenticated_at=datetime.fromtimestamp(auth_time, tz=UTC) if isinstance(auth_time, int) else None,
    )


def parse_birth_date(text: str) -> date | None:
    """Read 1990-04-30 or 30/04/1990; anything else is no date of birth."""
    try:
        if "/" in text:
            day, month, year = (int(part) for part in text.split("/"))
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        return None
