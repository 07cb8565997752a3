"""The pages that stand for an error: each says what happened and what to do next."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from motcua.kernel.errors import DomainError
from motcua.ui.queries import say
from motcua.ui.types import TooManyRequestsError


def wants_json(request: HttpRequest) -> bool:
    """Say whether a script asked (autosave), which shows the sentence inside the page it is on."""
    return request.headers.get("Accept", "").startswith("application/json")


def show_domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer an expected failure with its own sentence and status."""
    status = int(error.http_status)
    if wants_json(request):
        return JsonResponse({"code": error.code, "message": say(error.message)}, status=status)
    context = {"title": title_of(status), "message": say(error.message), "code": error.code, "status": status}
    response = render(request, "ui/errors/domain.html", context, status=status)
    if isinstance(error, TooManyRequestsError):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def title_of(status: int) -> str:
    """Return the heading of the page for this status."""
    titles = {
        HTTPStatus.FORBIDDEN: _("Bạn không mở được trang này"),
        HTTPStatus.NOT_FOUND: _("Không tìm thấy"),
        HTTPStatus.UNPROCESSABLE_ENTITY: _("Thông tin gửi lên chưa đúng"),
        HTTPStatus.TOO_MANY_REQUESTS: _("Bạn thao tác quá nhanh"),
        HTTPStatus.SERVICE_UNAVAILABLE: _("Dịch vụ đang tạm gián đoạn"),
    }
    return titles.get(HTTPStatus(status), _("Chưa thực hiện được việc này"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if too_large else HTTPStatus.BAD_REQUEST
    return show_error(request, "400", status, message=too_large_message() if too_large else "")


def too_large_message() -> str:
    return _("Nội dung gửi lên quá lớn. Hãy gửi ít tệp hơn trong một lần, mỗi tệp không quá 10 MB, rồi thử lại.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return show_error(request, "403", HTTPStatus.FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return show_error(request, "404", HTTPStatus.NOT_FOUND)


def method_not_allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Answer an address that only a form may send to (a language switch or a copied link may lead there)."""
    page = show_error(request, "405", HTTPStatus.METHOD_NOT_ALLOWED)
    page.headers["Allow"] = response.headers.get("Allow", "")
    return page


def server_error(request: HttpRequest) -> HttpResponse:
    return show_error(request, "500", HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose proof of origin is missing or old (setting CSRF_FAILURE_VIEW)."""
    if wants_json(request):
        message = _("Phiên làm việc đã hết hạn. Hãy tải lại trang rồi làm tiếp.")
        return JsonResponse({"code": "csrf", "message": message}, status=HTTPStatus.FORBIDDEN)
    return show_error(request, "403_csrf", HTTPStatus.FORBIDDEN)


def show_error(request: HttpRequest, name: str, status: HTTPStatus, **context: object) -> HttpResponse:
    return render(request, f"ui/errors/{name}.html", context, status=status)
