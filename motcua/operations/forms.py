"""What an operator types about an office."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.places.public import AGENCY_KINDS, AGENCY_LEVELS

REQUIRED = {"required": _("Hãy điền ô này.")}
DATE = {"required": _("Hãy chọn ngày."), "invalid": _("Ngày không đúng. Hãy chọn lại.")}


class OpenForm(forms.Form):
    """A new office."""

    code = forms.CharField(max_length=35, error_messages={"required": _("Hãy nhập mã định danh, ví dụ H29.26743.")})
    name = forms.CharField(max_length=200, error_messages=REQUIRED)
    short_name = forms.CharField(max_length=120, required=False)
    kind = forms.ChoiceField(choices=tuple(AGENCY_KINDS.items()), error_messages=REQUIRED)
    level = forms.ChoiceField(choices=tuple(AGENCY_LEVELS.items()), error_messages=REQUIRED)
    area_code = forms.CharField(max_length=5, error_messages={"required": _("Hãy chọn nơi đặt trụ sở.")})
    valid_from = forms.DateField(error_messages=DATE)
    address = forms.CharField(max_length=200, required=False)
    phone = forms.CharField(max_length=20, required=False)


class RenameForm(forms.Form):
    """Another name from a day on."""

    name = forms.CharField(max_length=200, error_messages=REQUIRED)
    short_name = forms.CharField(max_length=120, required=False)
    on = forms.DateField(error_messages=DATE)


class CloseForm(forms.Form):
    """The last day's morrow, and who takes the work over."""

    on = forms.DateField(error_messages=DATE)
    successor_id = forms.IntegerField(required=False)


class RevokeForm(forms.Form):
    """Why a key is revoked, and a second thought."""

    reason = forms.CharField(max_length=300, error_messages={"required": _("Hãy ghi vì sao thu hồi khóa này.")})
    sure = forms.BooleanField(
        error_messages={"required": _("Hãy đánh dấu để xác nhận: khóa bị hủy và không lấy lại được.")}
    )
