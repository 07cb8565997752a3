"""What people type into the two public boxes: a code, or a file."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from motcua.documents.public import MAX_VERIFY_BYTES
from motcua.kernel.errors import DomainError


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
        raise VerifyUploadRefusedError("portal.no_file", _("Hãy chọn tệp PDF cần kiểm tra."))
    size = upload.size or 0
    if size == 0:
        raise VerifyUploadRefusedError("portal.empty_file", _("Tệp này không có nội dung. Hãy chọn tệp khác."))
    if size > MAX_VERIFY_BYTES:
        raise VerifyUploadRefusedError("portal.large_file", _("Tệp quá lớn. Hãy chọn tệp không quá 20 MB."))
    content: bytes = upload.read()
    return content
