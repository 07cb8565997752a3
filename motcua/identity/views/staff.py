"""The officials' door: user name and password, then a code of the telephone; enrolment at the first time."""

from __future__ import annotations

import base64
from functools import wraps
from typing import Any, Protocol

import segno
from allauth.account.stages import LoginStageController
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from motcua.identity.actions.access import get_safe_next, official_required, step_up_required
from motcua.identity.actions.accounts import set_password
from motcua.identity.actions.second_factor import find_demo_code, has_totp, renew_recovery_codes
from motcua.identity.actions.sessions import record_step_up
from motcua.identity.forms import EnrolForm, PasswordForm, SecondFactorForm, StaffSignInForm, StepUpForm
from motcua.identity.queries.principals import Principal, get_principal
from motcua.identity.types import UserKind
from motcua.identity.views.hooks import SECOND_FACTOR_AT, SecondFactorStage
from motcua.identity.views.pages import door_context
from motcua.kernel import clock
from motcua.ui.public import TooManyRequestsError, find_home

ENROLMENT = "identity_enrolment"  # in the session: whose telephone, its secret, then the codes to show once


class StageView(Protocol):
    def __call__(self, request: HttpRequest, stage: SecondFactorStage) -> HttpResponse: ...


def in_second_factor_stage(view: StageView) -> Any:
    """Open the page only between a right password and the end of sign-in."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(reverse("identity:after_sign_in"))
        stage = LoginStageController.enter(request, SecondFactorStage.key)
        if stage is None:
            return HttpResponseRedirect(reverse("identity:staff_sign_in"))
        return view(request, stage)

    return guarded


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def staff_sign_in(request: HttpRequest) -> HttpResponse:
    """First step: user name and password."""
    principal = get_principal(request)
    if principal is not None and principal.kind == UserKind.OFFICIAL:
        return HttpResponseRedirect(get_safe_next(request, default=find_home(principal)))
    form = StaffSignInForm(request.POST if request.method == "POST" else None, request=request)
    status = 200
    if request.method == "POST":
        if not ratelimit.consume(request, app="allauth.account", action="login"):
            raise TooManyRequestsError(retry_after_seconds=60)
        if form.is_valid():
            response: HttpResponse = form.login(request, redirect_url=get_safe_next(request) or None)
            return response
        status = 422
    context = door_context(request, UserKind.OFFICIAL) | {"form": form, "errors": list_errors(form)}
    return render(request, "identity/staff_sign_in.html", context, status=status)


@in_second_factor_stage
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest, stage: SecondFactorStage) -> HttpResponse:
    """Second step: the telephone's code, or a recovery code."""
    user_id = stage.login.user.pk
    if not has_totp(user_id):
        return HttpResponseRedirect(reverse("identity:enrol"))
    form = SecondFactorForm(request.POST if request.method == "POST" else None, request=request, user_id=user_id)
    if request.method == "POST" and form.is_valid():
        return _finish(request, stage)
    context = {"errors": list_errors(form), "demo_code": find_demo_code(user_id, now=clock.now())}
    return render(request, "identity/second_factor.html", context, status=422 if form.errors else 200)


@in_second_factor_stage
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, stage: SecondFactorStage) -> HttpResponse:
    """At the first sign-in: enrol the telephone, see the recovery codes once, then go on."""
    user = stage.login.user
    enrolment = _begin_enrolment(request, user.pk)
    if enrolment["codes"]:
        return _show_codes_or_finish(request, stage, enrolment["codes"])
    if has_totp(user.pk):
        return HttpResponseRedirect(reverse("identity:second_factor"))
    secret = enrolment["secret"]
    posted = request.POST if request.method == "POST" else None
    form = EnrolForm(posted, request=request, user_id=user.pk, secret=secret)
    if request.method == "POST" and form.is_valid():
        request.session[ENROLMENT] = {"user": user.pk, "secret": "", "codes": list(form.recovery_codes)}
        return HttpResponseRedirect(reverse("identity:enrol"))
    address = get_mfa_adapter().build_totp_url(user, secret)
    grouped = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    context = {"errors": list_errors(form), "secret": grouped, "qr": make_qr_image(address)}
    return render(request, "identity/enrol.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required()
def step_up(request: HttpRequest) -> HttpResponse:
    """Before signing: show the second factor again."""
    principal = get_principal(request)
    assert principal is not None
    form = StepUpForm(request.POST if request.method == "POST" else None, request=request, user_id=principal.user_id)
    if request.method == "POST" and form.is_valid():
        record_step_up(request, now=clock.now())
        return HttpResponseRedirect(get_safe_next(request, default=find_home(principal)))
    context = {
        "errors": list_errors(form),
        "next": get_safe_next(request),
        "minutes": settings.IDENTITY_STEP_UP_SECONDS // 60,
        "demo_code": find_demo_code(principal.user_id, now=clock.now()),
        "is_demo": settings.DEMO_MODE,
    }
    return render(request, "identity/step_up.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required()
@step_up_required()
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes; shown once."""
    principal: Principal | None = get_principal(request)
    assert principal is not None
    codes: tuple[str, ...] = ()
    if request.method == "POST":
        codes = renew_recovery_codes(principal.user_id, actor=principal.to_actor(), now=clock.now())
    return render(request, "identity/recovery_codes.html", {"codes": codes, "is_enrolment": False})


@never_cache
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@official_required()
@step_up_required()
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password: the old one is asked again, every other session of the account ends."""
    principal = get_principal(request)
    assert principal is not None
    form = PasswordForm(request.POST if request.method == "POST" else None, request=request, user_id=principal.user_id)
    if request.method == "POST" and form.is_valid():
        user = set_password(
            principal.user_id, password=form.cleaned_data["new"], actor=principal.to_actor(), now=clock.now()
        )
        update_session_auth_hash(request, user)
        messages.success(request, _("Đã đổi mật khẩu. Các phiên đăng nhập khác của bạn đã kết thúc."))
        return HttpResponseRedirect(find_home(principal))
    context = {"errors": list_errors(form)}
    return render(request, "identity/password.html", context, status=422 if form.errors else 200)


def _begin_enrolment(request: HttpRequest, user_id: int) -> dict[str, Any]:
    """Return this account's enrolment; one that another account left in the same browser is thrown away."""
    kept = request.session.get(ENROLMENT)
    if not isinstance(kept, dict) or kept["user"] != user_id:
        kept = {"user": user_id, "secret": generate_totp_secret(), "codes": []}
        request.session[ENROLMENT] = kept
    return kept


def _show_codes_or_finish(request: HttpRequest, stage: SecondFactorStage, codes: list[str]) -> HttpResponse:
    if request.method == "POST":
        del request.session[ENROLMENT]
        return _finish(request, stage)
    return render(request, "identity/recovery_codes.html", {"codes": codes, "is_enrolment": True})


def _finish(request: HttpRequest, stage: SecondFactorStage) -> HttpResponse:
    request.session[SECOND_FACTOR_AT] = clock.now().timestamp()
    response: HttpResponse = stage.exit()
    return response


def list_errors(form: Any) -> dict[str, str]:
    """Return one sentence for each field in error, for the summary and beside the field."""
    return {("login" if key == "__all__" else key): str(messages[0]) for key, messages in form.errors.items()}


def make_qr_image(text: str) -> str:
    """Return the QR code of the text as a data address (the page's policy allows images of that kind)."""
    svg = segno.make(text, error="m").svg_inline(scale=5, border=4)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
