"""Where allauth asks us: adapters named in the settings, the stage of the second factor, our own provider class."""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
from datetime import datetime
from typing import Any

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.stages import LoginStage
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.identity.actions.access import is_own_address
from motcua.identity.actions.accounts import admit_resident
from motcua.identity.actions.second_factor import has_totp
from motcua.identity.actions.sessions import begin_session
from motcua.identity.adapters.oidc import ProviderAnswerRefused, check_nonce, map_claims
from motcua.identity.models import User
from motcua.identity.types import SignIn, SignInRefused, UserKind
from motcua.identity.views.oidc import OidcAdapter, show_failure
from motcua.kernel import clock

logger = logging.getLogger(__name__)
SIGN_IN = "_identity_sign_in"  # on the request: how the person has just proved who they are
SECOND_FACTOR_AT = "identity_second_factor_at"  # in the session between the second factor and the end of sign-in


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """allauth's account hooks: no sign-up, this host only, our session state, no English flash messages."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        return is_own_address(context.request, url)

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Say nothing: the page itself shows who is signed in."""

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Send nothing: messages out are the work of another module."""

    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        logger.warning("identity.password.refused")  # no name: people type their password into that field

    def get_login_stages(self) -> list[str]:
        return ["motcua.identity.views.hooks.SecondFactorStage"]

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return HttpResponseRedirect(reverse("identity:inactive"))

    def login(self, request: HttpRequest, user: User) -> None:
        now = clock.now()
        sign_in: SignIn | None = getattr(request, SIGN_IN, None)
        if sign_in is None:
            shown_at = request.session.pop(SECOND_FACTOR_AT, None)
            if shown_at is None:
                raise SignInRefused("identity.second_factor_missing", _("Hãy đăng nhập lại và nhập mã xác thực."))
            sign_in = SignIn(
                level=0, authenticated_at=now, stepped_up_at=datetime.fromtimestamp(shown_at, tz=now.tzinfo)
            )
        super().login(request, user)
        begin_session(request, kind=user.kind, sign_in=sign_in, now=now)


class SecondFactorStage(LoginStage):  # type: ignore[misc]  # allauth carries no types
    """After the password: officials show their second factor, or enrol it at their first sign-in."""

    key = "identity_second_factor"
    urlname = "identity:second_factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user: User = self.login.user
        if user.kind == UserKind.RESIDENT and getattr(self.request, SIGN_IN, None) is not None:
            return None, True  # the identity provider's own factors; its level says how strong
        page = "identity:second_factor" if has_totp(user.pk) else "identity:enrol"
        return HttpResponseRedirect(reverse(page)), True


class OidcProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth carries no types
    """allauth's OpenID Connect provider with a nonce, with nothing taken from the address, with no claims stored."""

    oauth2_adapter_class = OidcAdapter

    @property
    def issuer(self) -> str:
        """The provider's name for itself; one that begins with "/" is the sandbox on this very host."""
        configured = str(self.app.settings["server_url"])
        return self.request.build_absolute_uri(configured) if configured.startswith("/") else configured

    @property
    def server_url(self) -> str:
        return str(self.wk_server_url(self.issuer))

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_redirect_from_request_kwargs(request)
        # Scope, extra parameters and the purpose are ours to say, not the caller's.
        return {key: value for key, value in kwargs.items() if key == "next_url"} | {"process": "login"}

    def redirect(self, request: HttpRequest, process: str, **kwargs: Any) -> HttpResponse:
        nonce = secrets.token_urlsafe(32)
        auth_params = {**self.get_auth_params(), "nonce": nonce, "ui_locales": get_language() or "vi"}
        response: HttpResponse = super().redirect(request, process, auth_params=auth_params, nonce=nonce, **kwargs)
        return response

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> SocialLogin:
        login = super().sociallogin_from_response(request, response)
        login.claims = response["claims"]
        login.id_token = response["id_token_text"]
        return login

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["claims"]["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}  # the person's facts have one place, and it is not allauth's table

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """allauth's provider hooks: check the nonce, find the person, answer failures with our own page."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        found = super().get_provider(request, provider, client_id=client_id)
        return OidcProvider(request, app=found.app) if isinstance(found, OpenIDConnectProvider) else found

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False  # `pre_social_login` has already found or made the account

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = sociallogin.user
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        now = clock.now()
        try:
            check_nonce(sociallogin.claims, expected=sociallogin.state.get("nonce"))
            claims = map_claims(
                sociallogin.claims,
                provider=sociallogin.account.provider,
                names=settings.OIDC_CLAIMS,
                levels=settings.OIDC_LEVELS,
            )
            user_id = admit_resident(claims, now=now)
            _attach(sociallogin, user_id)
        except ProviderAnswerRefused as error:
            raise ImmediateHttpResponse(show_failure(request)) from error
        except SignInRefused as error:
            raise ImmediateHttpResponse(show_failure(request, error.message)) from error
        authenticated_at = claims.authenticated_at or now
        setattr(request, SIGN_IN, SignIn(claims.level, authenticated_at, id_token=sociallogin.id_token))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        sentence = _("Bạn đã dừng đăng nhập ở trang định danh.") if error == "cancelled" else ""
        raise ImmediateHttpResponse(show_failure(request, sentence))

    def get_requests_session(self) -> requests.Session:
        session: requests.Session = super().get_requests_session()
        if settings.DEMO_MODE and settings.OIDC_ISSUER.startswith("/"):
            origin = context.request.build_absolute_uri("/")
            session.mount(origin, import_string(settings.OIDC_SANDBOX_TRANSPORT)())
        return session


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    """Secrets of telephones and recovery codes are enciphered: a copy of the database alone is no second factor."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _attach(sociallogin: SocialLogin, user_id: int) -> None:
    """Point allauth's login at the person's account; the provider's subject may never move to another person."""
    if sociallogin.account.pk is not None and sociallogin.account.user_id != user_id:
        raise SignInRefused(
            "identity.subject_moved",
            _("Tài khoản định danh này đã gắn với người khác. Hãy gọi 1022 để được kiểm tra."),
        )
    sociallogin.user = User.objects.get(pk=user_id)
    if sociallogin.account.pk is None:
        sociallogin.account.user = sociallogin.user
        sociallogin.account.save()


def _cipher() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    derived = (hashlib.sha256(f"motcua.identity.mfa:{key!s}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
