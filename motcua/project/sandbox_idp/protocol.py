"""What the sandbox accepts and gives: authorization requests, one-time codes, tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import asdict, dataclass
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from motcua.kernel import clock
from motcua.project.demo_city.people import RESIDENTS, DemoResident

CODE_SECONDS = 60
TOKEN_SECONDS = 300
CODE_SALT = "motcua.sandbox_idp.code"
ACCESS_SALT = "motcua.sandbox_idp.access"
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
PROVIDER_ID = "vneid"


class Refusal(Exception):
    """An error of RFC 6749: `error` for the client, shown to the person when there is no safe way back."""

    def __init__(self, error: str, description: str, *, can_return: bool = True) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description
        self.can_return = can_return


@dataclass(frozen=True, slots=True)
class Authorization:
    """A checked authorization request."""

    client_id: str
    redirect_uri: str
    state: str
    nonce: str
    challenge: str


@dataclass(frozen=True, slots=True)
class Approval:
    """What a code stands for: who, how surely, for which request."""

    subject: str
    level: int
    client_id: str
    redirect_uri: str
    nonce: str
    challenge: str
    authenticated_at: int
    once: str


def find_issuer(request: HttpRequest) -> str:
    """Return our name: this host's address, without a slash at the end."""
    return request.build_absolute_uri(reverse("sandbox_idp:discovery").split("/.well-known/")[0])


def find_redirect_uri(request: HttpRequest) -> str:
    """Return the one address that codes may be sent to."""
    return request.build_absolute_uri(reverse("openid_connect_callback", kwargs={"provider_id": PROVIDER_ID}))


def find_person(subject: str) -> DemoResident | None:
    return next((person for person in RESIDENTS if person.subject == subject), None)


def read_authorization(request: HttpRequest) -> Authorization:
    """Check an authorization request. Raises: Refusal; `can_return` False while the way back is not proven."""
    asked = {name: str(value) for name, value in request.GET.items()}
    if asked.get("client_id") != settings.OIDC_CLIENT_ID:
        raise Refusal("unauthorized_client", "client_id", can_return=False)
    if asked.get("redirect_uri") != find_redirect_uri(request):
        raise Refusal("invalid_request", "redirect_uri", can_return=False)
    if asked.get("response_type") != "code":
        raise Refusal("unsupported_response_type", "response_type")
    if "openid" not in asked.get("scope", "").split():
        raise Refusal("invalid_scope", "scope")
    if asked.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(asked.get("code_challenge", "")):
        raise Refusal("invalid_request", "code_challenge")
    if not asked.get("state") or not asked.get("nonce"):
        raise Refusal("invalid_request", "state, nonce")
    return Authorization(
        client_id=asked["client_id"],
        redirect_uri=asked["redirect_uri"],
        state=asked["state"],
        nonce=asked["nonce"],
        challenge=asked["code_challenge"],
    )


def issue_code(authorization: Authorization, *, person: DemoResident, level: int) -> str:
    """Return a code for the client; the level is at most the person's own."""
    approval = Approval(
        subject=person.subject,
        level=min(level, person.level),
        client_id=authorization.client_id,
        redirect_uri=authorization.redirect_uri,
        nonce=authorization.nonce,
        challenge=authorization.challenge,
        authenticated_at=int(clock.now().timestamp()),
        once=token_urlsafe(16),
    )
    return signing.dumps(asdict(approval), salt=CODE_SALT)


def redeem_code(code: str, *, redirect_uri: str, verifier: str, client_id: str) -> Approval:
    """Return what the code stands for: once, within a minute, to the client that asked. Raises: Refusal."""
    try:
        approval = Approval(**signing.loads(code, salt=CODE_SALT, max_age=CODE_SECONDS))
    except signing.BadSignature as error:
        raise Refusal("invalid_grant", "code is unknown or too old") from error
    if not cache.add(f"sandbox-idp:{approval.once}", "used", timeout=CODE_SECONDS):
        raise Refusal("invalid_grant", "code was used before")
    if (approval.client_id, approval.redirect_uri) != (client_id, redirect_uri):
        raise Refusal("invalid_grant", "code was given to another client or address")
    digest = hashlib.sha256(verifier.encode()).digest()
    if not hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), approval.challenge):
        raise Refusal("invalid_grant", "code_verifier")
    return approval


def check_client(request: HttpRequest) -> str:
    """Return the client's id when it proves itself by HTTP Basic or in the form. Raises: Refusal."""
    given_id, given_secret = request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given_id, _, given_secret = base64.b64decode(value, validate=True).decode().partition(":")
        except ValueError as error:
            raise Refusal("invalid_client", "authorization header") from error
    is_known = given_id == settings.OIDC_CLIENT_ID
    if not (is_known and hmac.compare_digest(given_secret.encode(), settings.OIDC_CLIENT_SECRET.encode())):
        raise Refusal("invalid_client", "client authentication")
    return given_id


def build_id_claims(approval: Approval, *, issuer: str) -> dict[str, Any]:
    """Return the claims of the ID token."""
    now = int(clock.now().timestamp())
    return {
        "iss": issuer,
        "sub": approval.subject,
        "aud": approval.client_id,
        "iat": now,
        "exp": now + TOKEN_SECONDS,
        "auth_time": approval.authenticated_at,
        "nonce": approval.nonce,
        "acr": str(approval.level),
    }


def issue_access_token(approval: Approval) -> str:
    return signing.dumps({"sub": approval.subject, "level": approval.level}, salt=ACCESS_SALT)


def build_userinfo(access_token: str) -> dict[str, Any]:
    """Return the person's facts under the names seen at the national provider. Raises: Refusal."""
    try:
        given = signing.loads(access_token, salt=ACCESS_SALT, max_age=TOKEN_SECONDS)
    except signing.BadSignature as error:
        raise Refusal("invalid_token", "access token") from error
    person = find_person(given["sub"])
    if person is None:
        raise Refusal("invalid_token", "person")
    return {
        "sub": person.subject,
        "HoVaTen": person.full_name,
        "SoDinhDanh": person.personal_id,
        "NgayThangNamSinh": person.birth_on.strftime("%d/%m/%Y"),
        "GioiTinh": "Nữ" if person.sex == "female" else "Nam",
        "SoDienThoai": person.phone,
        "email": person.email,
        "NoiThuongTru": person.address,
        "MaXa": person.area_code,
        "MucDo": str(given["level"]),
    }
