"""Signed papers that are not at rest: completed when a service was away, renewed before an archive time-stamp ages.

Both are the same step: validation data and a time-stamp over the whole file, as one more update. The signed bytes stay
the beginning of the new file, so nothing that was proved is lost. The network is asked outside of any transaction.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from asn1crypto import x509  # type: ignore[import-untyped]  # the library that reads certificates here
from django.db import transaction

from motcua.documents.models import SignedRevision, StoredFile
from motcua.documents.queries.drivers import get_blob_store, get_revocation_source, get_time_stamper
from motcua.documents.rules.certificates_of import list_certificates
from motcua.documents.rules.signing import archive_pdf_bytes
from motcua.documents.types import (
    SIGNATURE_LEVELS,
    BlobMissing,
    FileRenewed,
    NotSignable,
    RenewalReport,
    RevocationData,
    RevocationUnavailable,
    SignatureLevel,
    SignedPaper,
    TimeStampUnavailable,
)
from motcua.outbox.public import publish

_RENEW_BEFORE = timedelta(days=90)
_FIRST_RETRY = timedelta(minutes=1)
_LONGEST_RETRY = timedelta(hours=6)
_FORGET_AFTER = timedelta(days=2)


def note_revision(signed: SignedPaper, *, wanted: SignatureLevel, now: datetime) -> None:
    """Remember a paper that lacks something, or that bears an archive time-stamp which will age."""
    is_short = SIGNATURE_LEVELS.index(signed.level) < SIGNATURE_LEVELS.index(wanted)
    if not is_short and signed.level != "B-LTA":
        return
    sha256 = hashlib.sha256(signed.content).hexdigest()
    SignedRevision.objects.get_or_create(
        sha256=sha256,
        defaults={
            "origin_sha256": sha256,
            "wanted": wanted,
            "level": signed.level,
            "next_try_at": now if is_short else _find_renewal(now),
            "created_at": now,
        },
    )


def complete_signatures(*, now: datetime, limit: int = 20) -> RenewalReport:
    """Complete or renew the papers that are due. Run twice, or by two workers, it does each once."""
    due = list(SignedRevision.objects.filter(next_try_at__lte=now).order_by("next_try_at", "id")[:limit])
    done = failed = 0
    for row in due:
        try:
            done += _archive(row, now=now)
        except (TimeStampUnavailable, RevocationUnavailable, NotSignable, BlobMissing) as error:
            failed += 1
            _put_off(row, error, now=now)
    return RenewalReport(completed=done, put_off=failed)


def _archive(row: SignedRevision, *, now: datetime) -> bool:
    """Make the next revision of a paper and put it in the place of this one; no transaction is open meanwhile."""
    stamper, source = get_time_stamper(), get_revocation_source()
    if stamper is None:
        raise TimeStampUnavailable("no time-stamping service is configured")
    content = get_blob_store().read(row.sha256)
    certificates = (*list_certificates(content), *stamper.certificates)
    needs_answers = row.wanted in ("B-LT", "B-LTA")
    if needs_answers and source is None:
        raise RevocationUnavailable("no source of revocation data is configured")
    answers = source.collect(certificates, now=now) if needs_answers and source else RevocationData()
    renewed = archive_pdf_bytes(content, stamper=stamper, certificates=certificates, revocation=answers, now=now)
    get_blob_store().put(hashlib.sha256(renewed).hexdigest(), renewed)
    return _replace(row, renewed, level="B-LTA" if needs_answers else "B-T", now=now)


@transaction.atomic
def _replace(row: SignedRevision, content: bytes, *, level: SignatureLevel, now: datetime) -> bool:
    """Let the new bytes take the place of the old in every file that has them; False when another worker was first."""
    current = SignedRevision.objects.select_for_update().get(id=row.pk)
    if current.next_try_at is None or current.next_try_at > now:
        return False
    sha256 = hashlib.sha256(content).hexdigest()
    SignedRevision.objects.create(
        sha256=sha256,
        origin_sha256=current.origin_sha256,
        wanted=current.wanted,
        level=level,
        next_try_at=_find_renewal(now) if level == "B-LTA" else None,
        created_at=now,
    )
    SignedRevision.objects.filter(id=current.pk).update(next_try_at=None, last_error="")
    files = StoredFile.objects.select_for_update(of=("self",)).filter(sha256=current.sha256).order_by("pk")
    file_ids = list(files.values_list("pk", flat=True))
    StoredFile.objects.filter(pk__in=file_ids).update(sha256=sha256, size_bytes=len(content))
    for file_id in file_ids:
        publish(FileRenewed(file_id=file_id, origin_sha256=current.origin_sha256), now=now)
    return True


def _put_off(row: SignedRevision, error: Exception, *, now: datetime) -> None:
    """Try again later, ever more seldom; a paper that was signed but never kept is forgotten."""
    if isinstance(error, BlobMissing) and now - row.created_at > _FORGET_AFTER:
        SignedRevision.objects.filter(id=row.pk).update(next_try_at=None, last_error="never stored")
        return
    wait = min(_FIRST_RETRY * 2 ** min(row.attempts, 20), _LONGEST_RETRY)
    detail = getattr(error, "detail", "") or type(error).__name__
    SignedRevision.objects.filter(id=row.pk, next_try_at__lte=now).update(
        next_try_at=now + wait, attempts=row.attempts + 1, last_error=str(detail)[:300].replace("\x00", "")
    )


def _find_renewal(now: datetime) -> datetime:
    """Return when the newest time-stamp must be covered by another: well before its own certificate ends."""
    stamper = get_time_stamper()
    ends = [x509.Certificate.load(der).not_valid_after for der in stamper.certificates] if stamper else []
    return max(min(ends, default=now + 2 * _RENEW_BEFORE) - _RENEW_BEFORE, now + timedelta(days=1))
