"""What people type into the portal's boxes: a code, a file, a search of readings."""

from __future__ import annotations

from datetime import date, datetime, time

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from motcua.documents.public import MAX_VERIFY_BYTES
from motcua.kernel.clock import HCM
from motcua.kernel.errors import DomainError
from motcua.portal.types import ReadingWish

MIN_YEAR = 1900  # what lies before is a slip of the hand


class VerifyUploadRefusedError(DomainError):
    """The file to verify is missing, empty or too large."""

    http_status = 422


def read_code(request: HttpRequest) -> str:
    """Return the code in the address as typed, cut to a sane length."""
    return request.GET.get("ma", "").strip()[:64]


def read_verify_upload(request: HttpRequest) -> bytes:
    """Return the bytes of the file to verify. Raises: VerifyUploadRefusedError."""
    upload = request.FILES.get("tep")
    if not isinstance(upload, UploadedFile):
        raise VerifyUploadRefusedError("portal.no_file", _("Hãy chọn tệp PDF hoặc XML cần kiểm tra."))
    size = upload.size or 0
    if size == 0:
        raise VerifyUploadRefusedError("portal.empty_file", _("Tệp này không có nội dung. Hãy chọn tệp khác."))
    if size > MAX_VERIFY_BYTES:
        raise VerifyUploadRefusedError("portal.large_file", _("Tệp quá lớn. Hãy chọn tệp không quá 20 MB."))
    content: bytes = upload.read()
    return content


def read_reading_wish(request: HttpRequest) -> tuple[ReadingWish, dict[str, str], dict[str, str]]:
    """Return what of the readings is searched for, as it was typed, and what could not be read."""
    typed = {name: request.GET.get(name, "").strip()[:100] for name in ("tu", "den", "nguoi_doc", "ca_toi")}
    days: dict[str, date | None] = {}
    errors: dict[str, str] = {}
    for name in ("tu", "den"):
        days[name] = read_day(typed[name])
        if typed[name] and days[name] is None:
            errors[name] = _("Hãy ghi ngày theo dạng 22/11/2026.")
    wish = ReadingWish(
        from_on=days["tu"], to_on=days["den"], reader=typed["nguoi_doc"], with_own=typed["ca_toi"] == "true"
    )
    return wish, typed, errors


def begin_of_day(on: date) -> datetime:
    """Return the first moment of a day in the city."""
    return datetime.combine(on, time.min, tzinfo=HCM)


def read_day(text: str) -> date | None:
    """Read a day as people write it; None when it cannot be read."""
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            found = datetime.strptime(text, pattern).date()  # noqa: DTZ007  a day of a search has no zone
        except ValueError:
            continue
        return found if found.year >= MIN_YEAR else None
    return None
