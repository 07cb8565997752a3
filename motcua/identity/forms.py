"""Forms of sign-in. Fields are drawn by the templates; here is what they accept."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.forms import LoginForm
from allauth.core.internal import ratelimit
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from motcua.identity.actions.accounts import check_new_password, is_password
from motcua.identity.actions.second_factor import enrol_totp, verify_second_factor, verify_totp
from motcua.kernel import clock

logger = logging.getLogger(__name__)
CODE_MAX_LENGTH = 20


class StaffSignInForm(LoginForm):  # type: ignore[misc]  # allauth carries no types
    """User name and password; allauth counts the wrong tries."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].error_messages["required"] = _("Hãy nhập tên đăng nhập.")
        self.fields["password"].error_messages["required"] = _("Hãy nhập mật khẩu.")

    def clean_login(self) -> str:
        return str(super().clean_login()).lower()


class CodeForm(forms.Form):
    """A code of six digits (or a recovery code where `allows_recovery`), five tries in five minutes."""

    allows_recovery = False
    code = forms.CharField(
        max_length=CODE_MAX_LENGTH,
        error_messages={"required": _("Hãy nhập mã."), "max_length": _("Mã dài quá. Hãy nhập lại.")},
    )

    def __init__(self, *args: Any, request: HttpRequest, user_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user_id = user_id

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        usage = ratelimit.consume(
            self.request, app="allauth.account", action="login_failed", key=f"second-factor-{self.user_id}"
        )
        if not usage:
            raise forms.ValidationError(_("Bạn đã nhập sai quá nhiều lần. Hãy đợi 5 phút rồi thử lại."))
        if not self.is_right(code):
            logger.warning("identity.second_factor.refused", extra={"user_id": self.user_id})
            raise forms.ValidationError(
                _("Mã không đúng hoặc đã dùng rồi. Hãy đợi ứng dụng hiện mã mới, rồi nhập mã đó.")
            )
        usage.rollback()
        return code

    def is_right(self, code: str) -> bool:
        check = verify_second_factor if self.allows_recovery else verify_totp
        return check(self.user_id, code=code, now=clock.now())


class SecondFactorForm(CodeForm):
    """At sign-in a recovery code will do too: the telephone may be lost."""

    allows_recovery = True


class StepUpForm(CodeForm):
    """Before signing only the telephone's code counts."""


class PasswordForm(forms.Form):
    """The old password, and a new one twice; wrong tries are counted like wrong codes."""

    old = forms.CharField(strip=False, error_messages={"required": _("Hãy nhập mật khẩu đang dùng.")})
    new = forms.CharField(strip=False, max_length=200, error_messages={"required": _("Hãy nhập mật khẩu mới.")})
    again = forms.CharField(strip=False, error_messages={"required": _("Hãy nhập lại mật khẩu mới.")})

    def __init__(self, *args: Any, request: HttpRequest, user_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user_id = user_id

    def clean_old(self) -> str:
        old = str(self.cleaned_data["old"])
        usage = ratelimit.consume(
            self.request, app="allauth.account", action="login_failed", key=f"password-{self.user_id}"
        )
        if not usage:
            raise forms.ValidationError(_("Bạn đã nhập sai quá nhiều lần. Hãy đợi 5 phút rồi thử lại."))
        if not is_password(self.user_id, password=old):
            raise forms.ValidationError(_("Mật khẩu đang dùng không đúng. Hãy nhập lại."))
        usage.rollback()
        return old

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        new, again = values.get("new"), values.get("again")
        if new and again and new != again:
            self.add_error("again", _("Hai lần nhập mật khẩu mới không giống nhau. Hãy nhập lại."))
        if new and new == values.get("old"):
            self.add_error("new", _("Mật khẩu mới phải khác mật khẩu đang dùng."))
        elif new:
            try:
                check_new_password(self.user_id, password=new)
            except forms.ValidationError:
                self.add_error(
                    "new",
                    _("Mật khẩu mới cần ít nhất 12 ký tự, không phải từ thường gặp và không giống tên của bạn."),
                )
        return values


class EnrolForm(CodeForm):
    """The first code of a new telephone; a right one enrols it."""

    recovery_codes: tuple[str, ...] = ()

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secret = secret

    def is_right(self, code: str) -> bool:
        codes = enrol_totp(self.user_id, secret=self.secret, code=code, now=clock.now())
        self.recovery_codes = codes or ()
        return codes is not None
