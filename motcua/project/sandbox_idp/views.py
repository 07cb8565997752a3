"""The sandbox's endpoints. Every one answers 404 outside DEMO_MODE."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from joserfc.errors import JoseError

from motcua.project.demo_city.people import RESIDENTS
from motcua.project.sandbox_idp.keys import ALGORITHM, describe_public_keys, read_token, sign_token
from motcua.project.sandbox_idp.protocol import (
    TOKEN_SECONDS,
    Authorization,
    Refusal,
    build_id_claims,
    build_userinfo,
    check_client,
    find_issuer,
    find_person,
    issue_access_token,
    issue_code,
    read_authorization,
    redeem_code,
)

View = Callable[[HttpRequest], HttpResponse]


def in_demo_only(view: View) -> View:
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not settings.DEMO_MODE:
            raise Http404
        return view(request)

    return guarded


@in_demo_only
@require_safe
def discovery(request: HttpRequest) -> HttpResponse:
    """Describe the provider (OpenID Connect Discovery 1.0)."""

    def address(name: str) -> str:
        return request.build_absolute_uri(reverse(f"sandbox_idp:{name}"))

    return JsonResponse(
        {
            "issuer": find_issuer(request),
            "authorization_endpoint": address("authorize"),
            "token_endpoint": address("token"),
            "userinfo_endpoint": address("userinfo"),
            "jwks_uri": address("jwks"),
            "end_session_endpoint": address("end_session"),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid", "profile"],
            "acr_values_supported": ["1", "2"],
        }
    )


@in_demo_only
@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    return JsonResponse(describe_public_keys())


@in_demo_only
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Let the visitor choose whom to be (GET), then send a code back (POST)."""
    try:
        authorization = read_authorization(request)
    except Refusal as refusal:
        if not refusal.can_return:
            return render(request, "sandbox_idp/refused.html", {"reason": str(refusal)}, status=400)
        return _send_back(
            request.GET["redirect_uri"],
            error=refusal.error,
            error_description=refusal.description,
            state=request.GET.get("state", ""),
        )
    if request.method == "POST":
        return _answer(request, authorization)
    return _ask_who(request)


def _ask_who(request: HttpRequest, error: str = "") -> HttpResponse:
    people = [(person.subject, person.full_name) for person in RESIDENTS]
    context = {"people": people, "error": error}
    return render(request, "sandbox_idp/authorize.html", context, status=422 if error else 200)


def _answer(request: HttpRequest, authorization: Authorization) -> HttpResponse:
    if "cancel" in request.POST:
        return _send_back(authorization.redirect_uri, error="access_denied", state=authorization.state)
    person = find_person(request.POST.get("person", ""))
    if person is None:
        return _ask_who(request, error=_("Hãy chọn một người."))
    code = issue_code(authorization, person=person, level=1 if request.POST.get("level") == "1" else 2)
    return _send_back(authorization.redirect_uri, code=code, state=authorization.state, iss=find_issuer(request))


@csrf_exempt  # called by the client's server, which has no cookie of ours and proves itself by its secret
@in_demo_only
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Exchange a code for tokens (RFC 6749, section 4.1.3; RFC 7636)."""
    try:
        client_id = check_client(request)
        if request.POST.get("grant_type") != "authorization_code":
            raise Refusal("unsupported_grant_type", "grant_type")
        approval = redeem_code(
            request.POST.get("code", ""),
            redirect_uri=request.POST.get("redirect_uri", ""),
            verifier=request.POST.get("code_verifier", ""),
            client_id=client_id,
        )
    except Refusal as refusal:
        status = 401 if refusal.error == "invalid_client" else 400
        return JsonResponse({"error": refusal.error, "error_description": refusal.description}, status=status)
    return JsonResponse(
        {
            "access_token": issue_access_token(approval),
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "id_token": sign_token(build_id_claims(approval, issuer=find_issuer(request))),
        }
    )


@csrf_exempt  # called by the client's server with an access token
@in_demo_only
@require_http_methods(["GET", "HEAD", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """Give the facts of the person the access token stands for."""
    scheme, __, access_token = request.headers.get("Authorization", "").partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise Refusal("invalid_token", "authorization header")
        return JsonResponse(build_userinfo(access_token))
    except Refusal as refusal:
        answer = JsonResponse({"error": refusal.error}, status=401)
        answer.headers["WWW-Authenticate"] = f'Bearer error="{refusal.error}"'
        return answer


@in_demo_only
@require_safe
def end_session(request: HttpRequest) -> HttpResponse:
    """Go back to the client when it proves by its ID token that it is ours; else only say good-bye."""
    back = request.GET.get("post_logout_redirect_uri", "")
    try:
        is_ours = read_token(request.GET.get("id_token_hint", "")).get("aud") == settings.OIDC_CLIENT_ID
    except (JoseError, ValueError):
        is_ours = False
    if is_ours and url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return HttpResponseRedirect(back)
    return render(request, "sandbox_idp/signed_out.html")


def _send_back(redirect_uri: str, **parameters: str) -> HttpResponse:
    return HttpResponseRedirect(f"{redirect_uri}?{urlencode(parameters)}")
