"""Pages that show every component once: what the tests parse and what a designer looks at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from motcua.kernel.errors import DomainError
from motcua.ui.types import TooManyRequests

NASTY = '<script>alert("x")</script> & “Ệ”'

COMPONENTS = """
{% extends "ui/base.html" %}
{% import "ui/components.html" as c %}
{% block title %}Bộ linh kiện{% endblock %}
{% block before_main %}{{ c.breadcrumbs([("Trang đầu", "/"), ("Hộ tịch", "/ho-tich/"), ("Đăng ký khai sinh", None)]) }}{{ c.back_link("/") }}{% endblock %}
{% block main %}
{{ c.error_summary({"ho_ten": "Nhập họ và tên của trẻ", "ngay_sinh": "Nhập ngày sinh của trẻ"}) }}
<h1 class="govuk-heading-xl">Đăng ký khai sinh cho trẻ mới sinh tại phường Bến Thành</h1>
<p class="govuk-body-l">Làm trong 60 ngày kể từ ngày sinh. Không mất phí.</p>
{{ c.progress(2, 5, "Thông tin của trẻ") }}
<form method="post" action="/">
{{ c.text_input("ho_ten", "Họ và tên của trẻ", nasty, "Viết đủ dấu, ví dụ: Nguyễn Ngọc Ánh Tuyết", "Nhập họ và tên của trẻ") }}
{{ c.text_input("so_dinh_danh", "Số định danh cá nhân", "079198000123", width="15", optional=True, attributes={"inputmode": "numeric"}) }}
{{ c.date_input("ngay_sinh", "Ngày sinh của trẻ", {"day": "31", "month": "2", "year": "2026"}, "Ví dụ: 27 3 2026", "Ngày 31/2 không có trong lịch") }}
{{ c.radios("gioi_tinh", "Giới tính", [("nam", "Nam"), ("nu", "Nữ")], "nu", inline=True) }}
{{ c.radios("nop", "Bạn muốn nhận kết quả thế nào?", [("online", "Bản điện tử", "Có ngay khi ký, tải về và gửi đi được"), ("post", "Qua bưu chính", "Trả tiền cước cho người giao")]) }}
{{ c.checkboxes("kem", "Làm cùng lúc", [("bhyt", "Thẻ bảo hiểm y tế cho trẻ dưới 6 tuổi"), ("tt", "Đăng ký thường trú", "Cùng hộ với cha hoặc mẹ")], ["bhyt"]) }}
{{ c.checkbox("cam_doan", "Tôi cam đoan những điều khai trên là đúng sự thật", error="Đánh dấu để cam đoan") }}
{{ c.select("dan_toc", "Dân tộc", [("kinh", "Kinh"), ("hoa", "Hoa"), ("khmer", "Khmer")], "hoa", blank="Chọn một mục") }}
{{ c.text_area("ly_do", "Lý do", nasty, maxlength=500) }}
{{ c.file_upload("giay_chung_sinh", "Giấy chứng sinh", files=files, remove="remove_file") }}
{{ c.autosave_status(at) }}
{% call c.button_group() %}{{ c.button("Lưu và đi tiếp") }}{{ c.button("Quay lại", "secondary") }}{{ c.button("Huỷ hồ sơ", "warning") }}{% endcall %}
</form>
{{ c.link_button("Bắt đầu", "/", "start") }}
{{ c.notification_banner("Đã lưu bản nháp.", "success", "Đã xong") }}
{{ c.notification_banner("Mạng yếu: trang có thể chậm.") }}
{{ c.inset("Bạn không phải nộp bản giấy.") }}
{{ c.warning_text("Khai sai sự thật có thể bị xử phạt.") }}
{{ c.details("Vì sao hỏi điều này?", "Để tìm đúng nơi có thẩm quyền.") }}
{{ c.summary_list([("Họ và tên", nasty, "/sua"), ("Ngày sinh", "27/03/2026", "/sua")], "Thông tin của trẻ") }}
{{ c.table("Lệ phí", ["Cách nộp", ("Mức", "numeric")], [("Trực tuyến", 0 | vnd), ("Tại quầy", 8000 | vnd)]) }}
{{ c.timeline(entries) }}
{{ c.task_list([("Người yêu cầu", "/", "Đã xong", "green"), ("Thông tin của trẻ", "/", "Đang làm", "teal"), ("Giấy tờ", None, "Chưa tới", "grey", "Hai giấy tờ")]) }}
<p>{{ c.tag("Đúng hạn", "green") }} {{ c.tag("Hôm nay", "amber") }} {{ c.tag("Quá hạn", "red") }} {{ c.tag("Toàn trình", "teal") }} {{ c.tag("Nháp") }} {{ c.tag("Mới", "ink") }}</p>
{{ c.pagination({"number": 2, "previous": "?trang=1", "next": "?trang=3"}) }}
{{ c.search_box("/tim/", "khai sinh", hint="Gõ có dấu hay không dấu đều được") }}
{{ c.card("Đăng ký kết hôn", "/", "Uỷ ban nhân dân phường", "5 ngày làm việc") }}
{{ c.phase_banner("Dữ liệu trong bản này là giả định.") }}
{{ c.print_button() }}
{{ c.help_panel("404") }}
{% endblock %}
"""
PANEL = """
{% extends "ui/base.html" %}{% import "ui/components.html" as c %}
{% block title %}Đã nhận hồ sơ{% endblock %}
{% block main %}{{ c.panel("Đã nhận hồ sơ của bạn", "Mã hồ sơ H29.8.1-251123-0001") }}{% endblock %}
"""
FORM = """
{% extends "ui/base.html" %}{% from "ui/forms.html" import form_fields %}{% import "ui/components.html" as c %}
{% block title %}Biểu mẫu{% endblock %}
{% block main %}{{ c.error_summary(errors) }}<h1 class="govuk-heading-l">Biểu mẫu</h1>
<form method="post" action="/nhap/" data-autosave-url="/luu/" novalidate>{{ csrf_input }}{{ form_fields(fields, values, errors, files, "remove_file") }}{{ c.autosave_status() }}{{ c.button("Lưu và đi tiếp") }}</form>{% endblock %}
"""
STAFF = """
{% extends "ui/base_staff.html" %}{% import "ui/components.html" as c %}
{% block title %}Việc của tôi{% endblock %}
{% block main %}<h1 class="govuk-heading-l">Việc của tôi</h1>
{{ c.table("Việc đến hạn", ["Mã hồ sơ", "Việc", "Người nộp", "Hạn"], rows) }}{% endblock %}
"""


@dataclass(frozen=True)
class FakeField:
    """Has the attributes of a form field of the process library."""

    type: str
    key: str
    label: str
    description: str = ""
    validate: dict[str, Any] = field(default_factory=dict)
    values: tuple[dict[str, str], ...] = ()
    properties: dict[str, Any] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class FakeFile:
    uuid: str
    filename: str
    size_bytes: int
    scan_state: str


CHOICES = ({"value": "a", "label": "Con đẻ"}, {"value": "b", "label": "Con nuôi"})
FIELDS = (
    FakeField("text", "loi_dan", "", text="### Người yêu cầu\nKhai đúng như trong **căn cước**."),
    FakeField(
        "textfield", "ten", "Họ và tên", "Viết đủ dấu", {"required": True}, properties={"fact": "applicant.full_name"}
    ),
    FakeField("textfield", "cccd", "Số căn cước", validate={"required": True}, properties={"kind": "personal_id"}),
    FakeField("number", "so_ban", "Số bản", validate={"min": 1}),
    FakeField("datetime", "ngay", "Ngày sinh", validate={"required": True}),
    FakeField("select", "quan_he", "Quan hệ", values=CHOICES),
    FakeField("radio", "loai", "Loại", values=CHOICES),
    FakeField("checklist", "kem", "Kèm theo", values=CHOICES),
    FakeField("checkbox", "cam_doan", "Tôi cam đoan"),
    FakeField("textarea", "ghi_chu", "Ghi chú", validate={"maxLength": 200}),
    FakeField("file", "giay", "Giấy chứng sinh", properties={"paper": "P1"}),
)
FILES = (
    FakeFile("0c1e", "giấy chứng sinh (ảnh chụp).jpg", 2_621_440, "clean"),
    FakeFile("0c1f", "so-ho-khau.pdf", 348_160, "pending"),
)
VALUES = {"ten": NASTY, "ngay": "2026-03-07", "loai": "b", "kem": ["a"], "cam_doan": True, "quan_he": "a"}
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ENTRIES = (
    {"at": AT, "text": "Bạn nộp hồ sơ", "state": "done", "actor_name": "Trần Thị Bích"},
    {"at": AT, "text": "Đang thẩm định", "state": "now", "actor_name": "Lê Văn Hậu", "note": "Hạn: 17:00 ngày 27/11/2026"},
    {"text": "Trả kết quả", "state": "next"},
)


def show(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return HttpResponse(engines["jinja2"].from_string(template.strip()).render(context, request))


def components(request: HttpRequest) -> HttpResponse:
    return show(request, COMPONENTS, nasty=NASTY, files=FILES, at=AT, entries=ENTRIES)


def panel(request: HttpRequest) -> HttpResponse:
    return show(request, PANEL)


def form(request: HttpRequest) -> HttpResponse:
    errors = {"ten": "Nhập họ và tên", "ngay": "Nhập ngày sinh", "giay": "Chọn tệp"}
    return show(request, FORM, fields=FIELDS, values=VALUES, errors=errors, files={"P1": FILES})


def staff(request: HttpRequest) -> HttpResponse:
    rows = [("H29.8.1-251123-0001", "Tiếp nhận", "Nguyễn Thị Minh Khai", "17:00 ngày 23/11/2026")] * 3
    return show(request, STAFF, rows=rows)


def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    failures: dict[str, Exception] = {
        "domain": DomainError("demo.refused", f"Hồ sơ này đã đóng. {NASTY}"),
        "403": PermissionDenied(),
        "413": RequestDataTooBig(),
        "429": TooManyRequests(retry_after_seconds=150),
        "500": RuntimeError("broken"),
    }
    raise failures[kind]


def accept_form(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
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
