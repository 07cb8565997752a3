"""Pages that show every component once: what the tests parse and what a designer looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import URLResolver, include, path
from django.views.decorators.http import require_POST

from motcua.kernel.errors import DomainError
from motcua.process.public import Field, Option
from motcua.ui.types import TooManyRequestsError

PAGES = Path(__file__).parent / "pages"
NASTY = '<script>alert("x")</script> & “Ệ”'


@dataclass(frozen=True)
class FakeFile:
    uuid: str
    filename: str
    size_bytes: int
    scan_state: str


CHOICES = (Option("a", "Con đẻ"), Option("b", "Con nuôi"))
FIELDS = (
    Field("loi_dan", "text", "", text="### Người yêu cầu\nKhai đúng như trong **căn cước**."),
    Field("ten", "textfield", "Họ và tên", "Viết đủ dấu", required=True, fact="applicant.full_name"),
    Field("cccd", "textfield", "Số căn cước", required=True, kind="personal_id"),
    Field("phuong", "textfield", "Phường, xã, đặc khu", required=True, kind="area"),
    Field("so_ban", "number", "Số bản", suffix="bản"),
    Field("ngay", "datetime", "Ngày sinh", required=True, section="Về đứa trẻ"),
    Field("quan_he", "select", "Quan hệ", options=CHOICES, section="Về đứa trẻ"),
    Field("loai", "radio", "Loại", options=CHOICES, section="Về đứa trẻ"),
    Field("kem", "checklist", "Kèm theo", options=CHOICES),
    Field("cam_doan", "checkbox", "Tôi cam đoan"),
    Field("ghi_chu", "textarea", "Ghi chú", max_length=200),
    Field("giay", "filepicker", "Giấy chứng sinh", paper="P1", multiple=True),
)
WARDS = {"area": {"26734": "Phường Bến Thành", "26737": "Phường Sài Gòn"}}
FILES = (
    FakeFile("0c1e", "giấy chứng sinh (ảnh chụp).jpg", 2_621_440, "clean"),
    FakeFile("0c1f", "so-ho-khau.pdf", 348_160, "pending"),
)
VALUES = {"ten": NASTY, "ngay": "2026-03-07", "loai": "b", "kem": ["a"], "cam_doan": True, "quan_he": "a"}
PEOPLE = {
    "resident": SimpleNamespace(kind="resident", full_name="Trần Thị Bích"),
    "official": SimpleNamespace(kind="official", full_name="Lê Văn Hậu", has_role=lambda role: role == "counter"),
}
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ENTRIES = (
    {"at": AT, "text": "Bạn nộp hồ sơ", "state": "done", "actor_name": "Trần Thị Bích"},
    {"at": AT, "text": "Đang thẩm định", "state": "now", "actor_name": "Lê Văn Hậu", "note": "Hạn: 27/11/2026"},
    {"text": "Trả kết quả", "state": "next"},
)


def show(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    source = (PAGES / f"{template}.html").read_text(encoding="utf-8")
    request.principal = PEOPLE.get(request.GET.get("as", ""))  # type: ignore[attr-defined]  # as identity does
    return HttpResponse(engines["jinja2"].from_string(source).render(context, request))


def components(request: HttpRequest) -> HttpResponse:
    return show(request, "components", nasty=NASTY, files=FILES, at=AT, entries=ENTRIES)


def panel(request: HttpRequest) -> HttpResponse:
    return show(request, "panel")


def form(request: HttpRequest) -> HttpResponse:
    errors = {"ten": "Nhập họ và tên", "ngay": "Nhập ngày sinh", "giay": "Chọn tệp"}
    return show(request, "form", fields=FIELDS, values=VALUES, errors=errors, files={"P1": FILES}, choices=WARDS)


def staff(request: HttpRequest) -> HttpResponse:
    rows = [("H29.8.1-251123-0001", "Tiếp nhận", "Nguyễn Thị Minh Khai", "17:00 ngày 23/11/2026")] * 3
    return show(request, "staff", rows=rows)


def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    failures: dict[str, Exception] = {
        "domain": DomainError("demo.refused", f"Hồ sơ này đã đóng. {NASTY}"),
        "403": PermissionDenied(),
        "413": RequestDataTooBig(),
        "429": TooManyRequestsError(retry_after_seconds=150),
        "500": RuntimeError("broken"),
    }
    raise failures[kind]


def accept_form(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def mount(namespace: str, *names: str) -> URLResolver:
    """Stand in for a module above: the frames link to its pages by name."""
    pages = [path(f"{namespace}/{name}/", accept_form, name=name) for name in names]
    return path("", include((pages, namespace)))


urlpatterns = [
    path("only-post/", require_POST(accept_form)),
    mount("portal", "home", "search", "track", "verify", "my_page", "accessibility", "privacy"),
    mount("identity", "resident_sign_in", "staff_sign_in", "sign_out"),
    mount("cases", "inbox", "overview"),
    mount("dossiers", "register", "counter_file"),
    path("", components),
    path("panel/", panel),
    path("form/", form),
    path("staff/", staff),
    path("post/", accept_form),
    path("refuse/<kind>/", refuse),
    path("i18n/", include("django.conf.urls.i18n")),
]
handler400 = "motcua.ui.views.bad_request"
handler403 = "motcua.ui.views.permission_denied"
handler404 = "motcua.ui.views.page_not_found"
handler500 = "motcua.ui.views.server_error"
