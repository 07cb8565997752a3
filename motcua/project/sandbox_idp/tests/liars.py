"""Transports that stand between the site and its sandbox and change one thing: what an attacker might manage."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any, ClassVar

import requests
from joserfc.jwk import RSAKey

from motcua.project.sandbox_idp.keys import load_key, read_token, sign_token
from motcua.project.sandbox_idp.transport import InProcessTransport

FOREIGN_KEY = RSAKey.generate_key(2048, {"kid": "foreign"})


class Liar(InProcessTransport):
    """Changes the JSON answer of one endpoint."""

    endpoint: ClassVar[str] = "/token"

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        response = super().send(request, *args, **kwargs)
        if (request.url or "").split("?")[0].endswith(self.endpoint):
            response.raw = BytesIO(json.dumps(self.change(response.json())).encode())
            response._content = False
            response._content_consumed = False
        return response

    def change(self, answer: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError


class ChangedClaims(Liar):
    """Signs other claims with the provider's own key: what another client's token would look like."""

    claims: ClassVar[dict[str, Any]] = {}

    def change(self, answer: dict[str, Any]) -> dict[str, Any]:
        return answer | {"id_token": sign_token(read_token(answer["id_token"]) | self.claims)}


class WrongNonce(ChangedClaims):
    claims: ClassVar[dict[str, Any]] = {"nonce": "of-another-sign-in"}


class ForeignIssuer(ChangedClaims):
    claims: ClassVar[dict[str, Any]] = {"iss": "https://evil.example"}


class ForeignAudience(ChangedClaims):
    claims: ClassVar[dict[str, Any]] = {"aud": "another-client"}


class OldToken(ChangedClaims):
    claims: ClassVar[dict[str, Any]] = {"exp": 1_000_000_000}


class AnotherSubject(ChangedClaims):
    claims: ClassVar[dict[str, Any]] = {"sub": "demo-02"}


class Unsigned(Liar):
    def change(self, answer: dict[str, Any]) -> dict[str, Any]:
        _, payload, _ = answer["id_token"].split(".")
        return answer | {"id_token": f"eyJhbGciOiJub25lIn0.{payload}."}


class ForeignSignature(Liar):
    def change(self, answer: dict[str, Any]) -> dict[str, Any]:
        from joserfc import jwt

        header = {"alg": "RS256", "kid": str(load_key_id())}
        return answer | {"id_token": jwt.encode(header, read_token(answer["id_token"]), FOREIGN_KEY)}


class NoIdToken(Liar):
    def change(self, answer: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in answer.items() if name != "id_token"}


class ForeignDescription(Liar):
    endpoint: ClassVar[str] = "/openid-configuration"

    def change(self, answer: dict[str, Any]) -> dict[str, Any]:
        return answer | {"issuer": "https://evil.example"}


class NoPersonalNumber(Liar):
    endpoint: ClassVar[str] = "/userinfo"

    def change(self, answer: dict[str, Any]) -> dict[str, Any]:
        return answer | {"SoDinhDanh": ""}


class AnotherPersonalNumber(Liar):
    endpoint: ClassVar[str] = "/userinfo"

    def change(self, answer: dict[str, Any]) -> dict[str, Any]:
        return answer | {"SoDinhDanh": "079190912345"}


class Down(InProcessTransport):
    """The provider does not answer."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        raise requests.ConnectionError("down", request=request)


def load_key_id() -> str | None:
    from django.conf import settings

    return load_key(str(settings.VAR_DIR)).kid
