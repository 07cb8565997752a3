"""A dossier or a result goes on, to the national portal or through it to another province: signed, once, kept."""

from __future__ import annotations

import random
import re
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from motcua.audit.public import Actor, record_decision
from motcua.cases.public import get_case
from motcua.documents.public import get_files, read_file, sign_bytes, store_document
from motcua.dossiers.public import DossierFolder, get_folder
from motcua.identity.public import PartyRef, get_party, get_person
from motcua.kernel.messages import N_
from motcua.national.models import ONWARD_KINDS, Onward
from motcua.national.rules.packages import write_package
from motcua.national.rules.retrying import LEASE, next_wait
from motcua.national.types import Acknowledgement, OnwardRefused, Package, PackageFile, PackageParty
from motcua.places.public import get_agency

TARGET = re.compile(r"national|[A-Y][0-9]{2}(\.[0-9A-Z]+)*")
PURPOSE = "national_package"


def send_onward(case_id: int, *, kind: str, target: str, actor: Actor, now: datetime) -> bool:
    """Have a dossier or its result sent on; return False when that was asked before.

    Place of filing does not depend on boundaries: what another province has to solve is taken here and sent there.
    Raises: OnwardRefused for a target that is none, or a result that is not there yet.
    Source: Decree 118/2025/NĐ-CP, Art. 14; in force 2025-07-01.
    """
    if not TARGET.fullmatch(target) or kind not in ONWARD_KINDS:
        raise OnwardRefused(N_("Hãy ghi nơi nhận: “national” hoặc mã cơ quan, ví dụ H29."))
    folder = get_folder(case_id)
    if kind == "result" and folder.result is None:
        raise OnwardRefused(N_("Hồ sơ này chưa có kết quả để chuyển."))
    with transaction.atomic():
        _row, is_new = Onward.objects.get_or_create(
            case_id=case_id,
            kind=kind,
            target=target,
            defaults={
                "dossier_no": folder.dossier.dossier_no,
                "created_at": now,
                "created_by_name": actor.name[:200],
                "next_try_at": now,
            },
        )
        if is_new:
            record_decision(
                actor, subject=f"dossier:{folder.dossier.dossier_no}", action="national.send_onward",
                details={"kind": kind, "target": target}, now=now,
            )  # fmt: skip
    return is_new


def claim_onward(*, now: datetime, limit: int = 20) -> tuple[int, ...]:
    """Take what is due to be sent on."""
    with transaction.atomic():
        due = Onward.objects.filter(outcome="waiting", next_try_at__lte=now).order_by("next_try_at", "id")
        ids = [row.pk for row in due.select_for_update(of=("self",), skip_locked=True)[:limit]]
        Onward.objects.filter(pk__in=ids).update(attempts=F("attempts") + 1, next_try_at=now + LEASE)
    return tuple(ids)


def prepare_onward(onward_id: int, *, now: datetime) -> tuple[bytes, str, str]:
    """Return (bytes, signature, target) of what goes on, made and signed at the first call and the same ever after.

    The key's keeper may be far, so it is asked while no transaction is open.
    Raises: FilePending while a paper is not scanned; SigningKeyMissing.
    """
    row = Onward.objects.get(pk=onward_id)
    if row.package_id is not None:
        return read_file(row.package_id), row.signature, row.target
    folder = get_folder(row.case_id)
    content = write_package(_make_package(folder, kind=row.kind))
    signer = settings.MOTCUA_NATIONAL_AGENCY or get_agency(folder.dossier.reception_agency_id).code
    signature = sign_bytes(content, agency_code=signer)
    with transaction.atomic():
        row = Onward.objects.select_for_update(of=("self",)).get(pk=onward_id)
        if row.package_id is not None:
            return read_file(row.package_id), row.signature, row.target  # another was quicker
        file = store_document(content, filename="goi.json", media_type="application/json", purpose=PURPOSE, now=now)
        row.package_id, row.signature = file.id, signature
        row.save(update_fields=["package_id", "signature"])
    return content, row.signature, row.target


def settle_onward(onward_id: int, answer: Acknowledgement | None, *, error: str = "", now: datetime) -> None:
    """Write what the other side said; without a final answer it is tried again later."""
    with transaction.atomic():
        row = Onward.objects.select_for_update(of=("self",)).get(pk=onward_id)
        if row.outcome != "waiting":
            return
        if answer is None or not answer.is_final:
            row.next_try_at = now + next_wait(row.attempts, chance=random.random())
            row.last_error = (answer.text if answer else error)[:200]
        else:
            row.outcome = "accepted" if answer.is_accepted else "refused"
            row.acked_at, row.ack_text, row.last_error = now, answer.text, ""
        row.save(update_fields=["next_try_at", "last_error", "outcome", "acked_at", "ack_text"])


def _make_package(folder: DossierFolder, *, kind: str) -> Package:
    dossier = folder.dossier
    case = get_case(dossier.case_id)
    result = folder.result
    papers = [(paper.field_key, paper.file_id) for paper in folder.papers if not paper.is_replaced]
    files = [("KetQua", result.file_id)] if kind == "result" and result else papers
    answers = (
        {"SoKetQua": result.no, "QuyetDinh": result.decision, "MaXacMinh": result.verification_code}
        if kind == "result" and result
        else dict(dossier.form_data)
    )
    return Package(
        national_code=case.origin_code or dossier.dossier_no,
        procedure_code=case.subject_code,
        filed_at=dossier.received_at,
        applicant=_make_party(folder),
        answers=answers,
        files=_read_files(files),
        submitter_name=str(dossier.submitter.get("name", "")),
        result_channel=dossier.result_channel,
        kind=kind,
    )


def _read_files(files: list[tuple[str, int]]) -> tuple[PackageFile, ...]:
    found = get_files([file_id for _key, file_id in files])
    return tuple(
        PackageFile(
            paper=key, name=found[file_id].filename, media_type=found[file_id].media_type,
            sha256=found[file_id].sha256, content=read_file(file_id),
        )
        for key, file_id in files
    )  # fmt: skip


def _make_party(folder: DossierFolder) -> PackageParty:
    dossier, snapshot = folder.dossier, folder.dossier.applicant
    if dossier.applicant_kind == "organisation":
        party = get_party(PartyRef("organisation", dossier.applicant_id))
        return PackageParty(
            kind="organisation", name=str(dossier.submitter.get("name") or snapshot.name), identifier="",
            organisation_name=snapshot.name, tax_code=snapshot.identifier, address=snapshot.address,
            phone=snapshot.phone, email=snapshot.email, area_code=party.area_code,
        )  # fmt: skip
    person = get_person(dossier.applicant_id)
    return PackageParty(
        kind="person", name=snapshot.name, identifier=snapshot.identifier, birth_on=person.birth_on, sex=person.sex,
        phone=snapshot.phone, email=snapshot.email, address=snapshot.address, area_code=person.area_code,
    )  # fmt: skip
