"""Reads of certified copies: the counter's list, one copy, the paper as it is drawn, what anybody may verify."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from django.conf import settings

from motcua.documents.public import get_files, make_qr_svg, read_file, render_pdf
from motcua.kernel.clock import format_date, local_date
from motcua.kernel.paging import COUNT_CAP, Page, make_page, page_window
from motcua.places.public import get_agency
from motcua.vault.models import CertifiedCopy
from motcua.vault.rules.certifying import compute_fee_vnd, format_no
from motcua.vault.rules.pages import draw_pages
from motcua.vault.types import CopyInfo, CopyUnknown

_PACKAGE = Path(__file__).resolve().parents[2]
_TEMPLATE = "vault/paper/certified_copy.typ"
_LIBRARY = "documents/typst/motcua.typ"


def get_copy(copy_uuid: UUID, *, agency_ids: Collection[int]) -> CopyInfo:
    """Return one copy of these offices. Raises: CopyUnknown for every other."""
    row = CertifiedCopy.objects.select_related("book").filter(uuid=copy_uuid, agency__in=list(agency_ids)).first()
    if row is None:
        raise CopyUnknown
    return to_copy_info(row)


def list_copies(
    agency_ids: Collection[int], *, number: int, state: str = "", book_no: int | None = None
) -> Page[CopyInfo]:
    """Return a page of the copies of these offices, newest first: two queries."""
    rows = CertifiedCopy.objects.select_related("book").filter(agency__in=list(agency_ids))
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(no=book_no) if book_no is not None else rows
    start, stop = page_window(number)
    total = rows.order_by()[: COUNT_CAP + 1].count()
    return make_page([to_copy_info(row) for row in rows.order_by("-id")[start:stop]], number=number, total=total)


def find_certified_by_code(code: str) -> CopyInfo | None:
    """Return the certified copy that carries this verification code in its printed form, or None."""
    row = CertifiedCopy.objects.select_related("book").filter(verification_code=code, state="certified").first()
    return None if row is None else to_copy_info(row)


def find_certified_by_sha256(sha256: str) -> CopyInfo | None:
    """Return the certified copy whose signed bytes these were, or None."""
    row = CertifiedCopy.objects.select_related("book").filter(sha256=sha256, state="certified").first()
    return None if row is None else to_copy_info(row)


def draw_copy(row: CertifiedCopy) -> tuple[bytes, int]:
    """Return the unsigned paper, dated by `drawn_on`, and its number of copied pages; the same bytes for the same row.

    Raises: PaperRefused for a scan that cannot be drawn; FilePending, FileLocked; RenderFailed.
    """
    scans = get_files(row.scan_file_ids)
    contents = [(read_file(file_id), scans[file_id].media_type) for file_id in row.scan_file_ids]
    pictures = draw_pages(contents)
    with tempfile.TemporaryDirectory(prefix="motcua-copy-") as name:
        root = Path(name)
        for part in (_TEMPLATE, _LIBRARY):
            (root / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(_PACKAGE / part, root / part)
        (root / "scan").mkdir()
        names = [f"{number:03d}.{ending}" for number, (_picture, ending) in enumerate(pictures, start=1)]
        for file_name, (picture, _ending) in zip(names, pictures, strict=True):
            (root / "scan" / file_name).write_bytes(picture)
        return render_pdf(root / _TEMPLATE, _to_data(row, names, contents), root=root), len(pictures)


def _to_data(row: CertifiedCopy, names: list[str], contents: list[tuple[bytes, str]]) -> dict[str, object]:
    agency, address = get_agency(row.agency_id), f"{settings.PUBLIC_URL}/xac-minh/{row.verification_code}/"
    drawn_on = row.drawn_on or local_date(row.received_at)
    return {
        "doc_title": f"Bản sao có chứng thực: {row.title}",
        "pages": names,
        "title": row.title,
        "issuer": row.issuer,
        "original_no": row.original_no,
        "original_on": format_date(row.original_issued_on) if row.original_issued_on else "",
        "requester": row.requester_name,
        "no": format_no(row.no or 0, year=row.book.year if row.book else drawn_on.year),
        "on": drawn_on.isoformat(),
        "place": "",
        "agency": agency.name,
        "parent_agency": "",
        "scan_sums": [hashlib.sha256(content).hexdigest() for content, _media in contents],
        "verification_code": row.verification_code,
        "verify_url": f"{settings.PUBLIC_URL}/xac-minh/",
        "qr_svg": make_qr_svg(address),
    }


def to_copy_info(row: CertifiedCopy) -> CopyInfo:
    return CopyInfo(
        uuid=row.uuid,
        agency_id=row.agency_id,
        state=row.state,  # type: ignore[arg-type]  # a constraint of the table holds it
        no=row.no,
        printed_no=format_no(row.no, year=row.book.year) if row.no and row.book else "",
        owner_kind=row.owner_kind,
        owner_id=row.owner_id,
        requester_name=row.requester_name,
        what=row.what,
        title=row.title,
        issuer=row.issuer,
        original_no=row.original_no,
        original_issued_on=row.original_issued_on,
        scan_file_ids=tuple(row.scan_file_ids),
        received_by_name=row.received_by_name,
        received_at=row.received_at,
        verification_code=row.verification_code,
        pages=row.pages,
        fee_vnd=compute_fee_vnd(row.pages) if row.pages else 0,
        draft_file_id=row.draft_file_id,
        draft_sha256=row.draft_sha256,
        drawn_on=row.drawn_on,
        approved_by_name=row.approved_by_name,
        approved_at=row.approved_at,
        file_id=row.file_id,
        sha256=row.sha256,
        certified_at=row.certified_at,
        cancelled_reason=row.cancelled_reason,
    )
