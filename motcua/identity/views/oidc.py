"""Residents by OpenID Connect: authorization code with PKCE, state and nonce. allauth walks, we check."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from motcua.identity.adapters.oidc import (
    ProviderAnswerRefused,
    ProviderDirectory,
    merge_userinfo,
    read_kid,
    verify_id_token,
)
from motcua.kernel import clock

logger = logging.getLogger(__name__)
directory = ProviderDirectory(settings.OIDC_DISCOVERY_SECONDS)


class OidcAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth carries no types
    """allauth's client with a kept description of the provider and a full check of the ID token.

    allauth trusts a token that came straight from the provider over TLS; we check its signature all the same,
    against the algorithms we allow.
    """

    @property
    def openid_config(self) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session, refusals_as_oauth_errors():
            return directory.get_configuration(session, self.get_provider().issuer)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> Any:
        id_token = str(kwargs["response"].get("id_token", ""))
        with refusals_as_oauth_errors():
            claims = self._check_id_token(id_token, client_id=app.client_id)
            wants_userinfo = app.settings.get("fetch_userinfo", True) and "userinfo_endpoint" in self.openid_config
            userinfo = self._fetch_user_info(token.token) if wants_userinfo else {}
            merged = merge_userinfo(claims, userinfo)
        answer = {"claims": merged, "id_token_text": id_token}
        return self.get_provider().sociallogin_from_response(request, answer)

    def _check_id_token(self, id_token: str, *, client_id: str) -> dict[str, Any]:
        config = self.openid_config
        with get_adapter().get_requests_session() as session:
            keys = directory.get_keys(session, config["jwks_uri"], kid=read_kid(id_token))
        return verify_id_token(
            id_token,
            keys=keys,
            issuer=config["issuer"],
            client_id=client_id,
            algorithms=settings.OIDC_SIGNING_ALGORITHMS,
            now=clock.now(),
        )


class refusals_as_oauth_errors:  # noqa: N801  reads as a sentence where it is used
    """Turn our refusals into the one error that allauth answers with the failure page; the reason goes to the log."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ProviderAnswerRefused):
            logger.warning("identity.oidc.refused", extra={"reason": str(error)})
            raise OAuth2Error(str(error)) from error


@never_cache
@require_POST
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the resident to the provider. Only by a form of ours: a foreign page must not start a sign-in."""
    return _run(OAuth2LoginView, request, provider_id)


@never_cache
@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the provider's answer."""
    return _run(OAuth2CallbackView, request, provider_id)


def show_failure(request: HttpRequest, sentence: str = "") -> HttpResponse:
    """Answer a sign-in that did not succeed: what happened, and the way to try again."""
    message = sentence or _("Chưa đăng nhập được qua trang định danh. Hãy thử lại; nếu vẫn không được, hãy gọi 1022.")
    return render(request, "identity/sign_in_failed.html", {"message": message}, status=HTTPStatus.UNAUTHORIZED)


def _run(view_class: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        response: HttpResponse = view_class.adapter_view(OidcAdapter(request, provider_id))(request)
        return response
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except (OAuth2Error, RequestException):  # the provider is down before anything began
        logger.warning("identity.oidc.unreachable", exc_info=True)
        return show_failure(request, _("Trang định danh đang không trả lời. Hãy thử lại sau ít phút."))
