"""A package arrives: believed by its signature, kept whole, once; what is to be done with it comes after."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from motcua.audit.public import SYSTEM
from motcua.documents.public import UploadRefused, store_document, store_upload, verify_bytes
from motcua.kernel.messages import N_
from motcua.kernel.text import fold
from motcua.national.models import Intake, IntakeFile
from motcua.national.rules.packages import MAX_BYTES, read_package
from motcua.national.rules.said import to_json
from motcua.national.types import (
    IntakeState,
    Package,
    PackageReceived,
    PackageUnreadable,
    Reason,
    SignatureRefused,
)
from motcua.outbox.public import publish
from motcua.places.public import find_agency_by_code

PURPOSE = "national_package"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The answer to a delivery; a second one gets the same. `file_ids` want to be scanned."""

    intake_uuid: UUID
    national_code: str
    state: IntakeState
    is_repeat: bool
    file_ids: tuple[int, ...] = ()


def receive_package(content: bytes, signature: str, *, now: datetime) -> Received:
    """Store a signed package, once by its code and content, and have it taken in by the worker.

    Raises: SignatureRefused; PackageUnreadable only for one that is too large to be kept.
    """
    if len(content) > MAX_BYTES:
        raise PackageUnreadable(N_("Gói hồ sơ quá lớn (tối đa 30 MB)."))
    source = check_signature(content, signature, now=now)
    sha256 = hashlib.sha256(content).hexdigest()
    package, problem = _read(content)
    code = package.national_code if package else f"?{sha256[:16]}"
    known = _find(source, code, sha256)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _store(content, source, code, sha256, package, problem, now)
    except IntegrityError:  # the same package came twice at the same moment
        repeated = _find(source, code, sha256)
        if repeated is None:
            raise
        return repeated


def check_signature(content: bytes, signature: str, *, now: datetime) -> str:
    """Return who signed the content. Raises: SignatureRefused unless it is somebody who may bring dossiers."""
    found = verify_bytes(content, signature, now=now)
    if not (found.is_valid and found.is_trusted and found.signer_name in settings.MOTCUA_NATIONAL_SIGNERS):
        raise SignatureRefused
    return found.signer_name


def _read(content: bytes) -> tuple[Package | None, str]:
    try:
        return read_package(content), ""
    except PackageUnreadable as refused:
        return None, refused.message


def _find(source: str, code: str, sha256: str) -> Received | None:
    row = Intake.objects.filter(source=source, national_code=code, sha256=sha256).first()
    return None if row is None else _answer(row, is_repeat=True)


def _store(
    content: bytes, source: str, code: str, sha256: str, package: Package | None, problem: str, now: datetime
) -> Received:
    file = store_document(content, filename="goi-ho-so.json", media_type="application/json", purpose=PURPOSE, now=now)
    agency = find_agency_by_code(package.agency_code) if package and package.agency_code else None
    reasons = [to_json(Reason("unreadable", "", problem))] if problem else []
    row = Intake.objects.create(
        source=source,
        national_code=code,
        sha256=sha256,
        package_id=file.id,
        procedure_code=package.procedure_code[:40] if package else "",
        applicant_name=_name(package)[:500] if package else "",
        search_folded=fold(f"{code} {_name(package) if package else ''} {package.procedure_code if package else ''}"),
        agency_id=agency.id if agency else None,
        filed_at=package.filed_at if package else None,
        received_at=now,
        state="waiting" if problem else "new",
        reasons=reasons,
    )
    ids = _store_files(row, package, now) if package else ()
    if not problem:
        publish(PackageReceived(intake_uuid=row.uuid, national_code=code), now=now)
    return _answer(row, file_ids=ids)


def _store_files(row: Intake, package: Package, now: datetime) -> tuple[int, ...]:
    ids = []
    for number, each in enumerate(package.files, start=1):
        refusal, file_id = "", None
        try:
            file_id = store_upload(each.content, filename=each.name, now=now, actor=SYSTEM).id
            ids.append(file_id)
        except UploadRefused as refused:
            refusal = refused.message
        IntakeFile.objects.create(
            intake=row, number=number, paper=each.paper[:200], name=each.name[:255], sha256=each.sha256,
            file_id=file_id, refusal=refusal,
        )  # fmt: skip
    return tuple(ids)


def _name(package: Package) -> str:
    return package.applicant.organisation_name or package.applicant.name


def _answer(row: Intake, *, is_repeat: bool = False, file_ids: tuple[int, ...] = ()) -> Received:
    state = row.state
    return Received(
        intake_uuid=row.uuid,
        national_code=row.national_code,
        state=state,  # type: ignore[arg-type]  # a constraint knows the states
        is_repeat=is_repeat,
        file_ids=file_ids,
    )
