"""What an official types about members, keys, services and grants."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

import orjson
from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.exchange.public import Endpoint

REQUIRED = {"required": _("Hãy điền ô này.")}
DATE = {"required": _("Hãy chọn ngày."), "invalid": _("Ngày không đúng. Hãy chọn lại.")}
NUMBER = {"required": _("Hãy nhập một số."), "invalid": _("Hãy nhập một số nguyên.")}
_PART = re.compile(r"[A-Za-z0-9'()+,\-.=?]{1,60}")
_ENDPOINT = re.compile(r"(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|\*) (/\S{0,200})")
MAX_TEXT = 200_000


def _read_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class MemberForm(forms.Form):
    """A system of a member."""

    instance = forms.CharField(max_length=20, error_messages=REQUIRED)
    member_class = forms.CharField(max_length=20, error_messages=REQUIRED)
    member_code = forms.CharField(max_length=60, error_messages=REQUIRED)
    subsystem_code = forms.CharField(max_length=60, required=False)
    name = forms.CharField(max_length=300, error_messages=REQUIRED)
    agency_code = forms.CharField(max_length=80, required=False)
    addresses = forms.CharField(max_length=2_000, required=False)
    may_describe = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        for name in ("instance", "member_class", "member_code", "subsystem_code"):
            text = self.cleaned_data.get(name, "")
            if text and not _PART.fullmatch(text):
                self.add_error(name, _("Chỉ dùng chữ không dấu, số và các dấu ' ( ) + , - . = ?"))
        return self.cleaned_data

    def clean_addresses(self) -> list[str]:
        networks = _read_lines(self.cleaned_data["addresses"])
        for each in networks:
            try:
                ipaddress.ip_network(each, strict=False)
            except ValueError:
                raise forms.ValidationError(_("Mỗi dòng một mạng, ví dụ 10.1.2.0/24.")) from None
        return networks


class KeyForm(forms.Form):
    """A public key or a certificate."""

    kind = forms.ChoiceField(choices=(("signature", "signature"), ("certificate", "certificate")))
    key_id = forms.RegexField(
        r"^[A-Za-z0-9._:-]{1,120}$",
        error_messages={**REQUIRED, "invalid": _("Chỉ dùng chữ không dấu, số và các dấu . _ : -")},
    )
    pem = forms.CharField(max_length=20_000, error_messages={"required": _("Hãy dán khóa công khai dạng PEM.")})
    valid_to = forms.DateField(required=False, error_messages=DATE)


class ServiceForm(forms.Form):
    """A service behind the gateway, or a register of ours."""

    kind = forms.ChoiceField(choices=(("http", "http"), ("register", "register")))
    code = forms.RegexField(_PART.pattern, error_messages={**REQUIRED, "invalid": _("Mã chỉ gồm chữ không dấu và số.")})
    title = forms.CharField(max_length=300, error_messages=REQUIRED)
    register = forms.CharField(max_length=60, required=False)
    base_url = forms.CharField(max_length=500, required=False)
    endpoints = forms.CharField(max_length=20_000, required=False)
    openapi = forms.CharField(max_length=MAX_TEXT, required=False)
    timeout_seconds = forms.FloatField(min_value=0.1, max_value=60, initial=10, error_messages=NUMBER)
    cache_seconds = forms.IntegerField(min_value=0, max_value=86_400, initial=0, error_messages=NUMBER)
    max_bytes = forms.IntegerField(min_value=1_000, max_value=20_000_000, initial=1_000_000, error_messages=NUMBER)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not _PART.fullmatch(code):
            raise forms.ValidationError(_("Mã chỉ gồm chữ không dấu và số."))
        return code

    def clean_endpoints(self) -> list[Endpoint]:
        found = [_ENDPOINT.fullmatch(line) for line in _read_lines(self.cleaned_data["endpoints"])]
        if not all(found):
            raise forms.ValidationError(_("Mỗi dòng một phương thức và đường dẫn, ví dụ GET /parcels/*."))
        return [Endpoint(each[1], each[2]) for each in found if each is not None]

    def clean_openapi(self) -> dict[str, Any]:
        text = self.cleaned_data["openapi"].strip()
        if not text:
            return {}
        try:
            said = orjson.loads(text)
        except ValueError:
            said = None
        if not isinstance(said, dict) or "openapi" not in said:
            raise forms.ValidationError(_("Hãy dán bản mô tả OpenAPI 3 dạng JSON, hoặc để trống."))
        return said

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("kind") == "register" and not said.get("register"):
            self.add_error("register", _("Hãy chọn sổ dữ liệu."))
        if said.get("kind") == "http" and not said.get("base_url"):
            self.add_error("base_url", _("Hãy nhập địa chỉ của dịch vụ."))
        if said.get("kind") == "http" and not said.get("endpoints") and "endpoints" not in self.errors:
            self.add_error("endpoints", _("Hãy nêu ít nhất một đường dẫn."))
        return said


class WishForm(forms.Form):
    """A wish to call a service."""

    consumer = forms.UUIDField(error_messages={"required": _("Hãy chọn hệ thống gọi.")})
    purpose = forms.CharField(max_length=300, error_messages={"required": _("Hãy nêu mục đích.")})
    legal_ground = forms.CharField(max_length=300, error_messages={"required": _("Hãy nêu căn cứ pháp luật.")})
    consent_purpose = forms.CharField(max_length=60, required=False)
    fields_asked = forms.CharField(max_length=10_000, error_messages={"required": _("Hãy nêu từng trường cần đọc.")})
    valid_from = forms.DateField(error_messages=DATE)
    valid_to = forms.DateField(required=False, error_messages=DATE)
    rate_per_minute = forms.IntegerField(min_value=1, max_value=100_000, initial=600, error_messages=NUMBER)

    def clean_fields_asked(self) -> list[str]:
        fields = list(dict.fromkeys(_read_lines(self.cleaned_data["fields_asked"].replace(",", "\n"))))
        if not fields or any(len(field) > 120 for field in fields):
            raise forms.ValidationError(_("Mỗi dòng một trường, ví dụ full_name."))
        return fields

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("valid_from"), self.cleaned_data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("Ngày cuối phải từ ngày đầu trở đi."))
        return self.cleaned_data
