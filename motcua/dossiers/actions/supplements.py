"""The applicant's answer to the one supplement request: only what was asked for can change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction

from motcua.audit.public import Actor
from motcua.cases.public import CaseInfo, add_timeline, receive_message
from motcua.documents.public import FileInfo, store_upload
from motcua.dossiers import rules
from motcua.dossiers.actions.common import lock_dossier, read_state, require
from motcua.dossiers.actions.filing import hash_form
from motcua.dossiers.models import Dossier, Paper, SupplementFile, SupplementRequest
from motcua.dossiers.queries.form_pages import (
    check_fields,
    clean_fields,
    fold_answers,
    list_field_labels,
    text_of_value,
)
from motcua.dossiers.types import DossierNotFound, NationalState, NotAllowedNow, StaleDraft
from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_
from motcua.process.public import put_answers, read_answer_at

MESSAGE = "supplement_received"


def save_supplement(
    dossier_uuid: UUID, *, raw: Mapping[str, list[str]], revision: int, now: datetime
) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Keep what the applicant typed into the asked fields; return the new revision and the errors as (key, sentence).

    Raises: DossierNotFound; NotAllowedNow; StaleDraft when another window saved in between.
    """
    with transaction.atomic():
        dossier, request = _lock_request(dossier_uuid)
        if revision != request.revision:
            raise StaleDraft(revision=request.revision)
        values, errors = clean_fields(
            dossier.procedure_version_id,
            keys=frozenset(request.field_keys),
            raw=raw,
            data=put_answers(dossier.form_data, request.answer),
            on=local_date(now),
        )
        request.answer = request.answer | values
        request.revision += 1
        request.save(update_fields=["answer", "revision"])
    return request.revision, errors


def add_supplement_file(
    dossier_uuid: UUID,
    *,
    field_key: str,
    source: BinaryIO,
    filename: str,
    actor: Actor,
    owner_user_id: int,
    now: datetime,
) -> FileInfo:
    """Lay a file beside one asked paper. Raises: UploadRefused; NotAllowedNow; DossierNotFound."""
    dossier, request = _get_request(dossier_uuid)
    if field_key not in request.paper_keys:
        raise NotAllowedNow(
            "supplement_not_asked", N_("Cơ quan không yêu cầu bổ sung giấy tờ này. Hãy chọn đúng mục được yêu cầu.")
        )
    if request.files.count() >= rules.MAX_FILES_PER_DRAFT:
        raise NotAllowedNow("too_many_files", N_("Đã có quá nhiều tệp. Hãy gộp các trang thành một tệp PDF."))
    file = store_upload(source, filename=filename, now=now, actor=actor, owner_user_id=owner_user_id)
    SupplementFile.objects.create(request=request, field_key=field_key, file_id=file.id, created_at=now)
    return file


def remove_supplement_file(dossier_uuid: UUID, *, file_uuid: UUID) -> None:
    """Take a prepared file away again. Raises: DossierNotFound; NotAllowedNow."""
    _dossier, request = _get_request(dossier_uuid)
    SupplementFile.objects.filter(request=request, uuid=file_uuid).delete()


def answer_supplement(dossier_uuid: UUID, *, actor: Actor, now: datetime) -> CaseInfo:
    """Send the answer: the dossier takes the new values and papers, the old ones stay on record, the clock goes on.

    Raises: NotAllowedNow when nothing was asked, it was answered, or the term is over; SupplementIncomplete.
    Source: Decree 118/2025/NĐ-CP, Art. 11(2); in force 2025-07-01.
    """
    with transaction.atomic():
        dossier, request = _lock_request(dossier_uuid)
        files = list(SupplementFile.objects.filter(request=request))
        _check_complete(dossier, request, files=files, on=local_date(now))
        changes = _list_changes(dossier, request, files=files, on=local_date(now))
        dossier.form_data = fold_answers(dossier.procedure_version_id, dossier.form_data, request.answer)
        dossier.form_sha256 = hash_form(dossier.form_data)
        dossier.revision += 1
        dossier.save(update_fields=["form_data", "form_sha256", "revision"])
        _replace_papers(dossier, files=files, now=now)
        request.answered_at = now
        request.changes = changes
        request.save(update_fields=["answered_at", "changes"])
        case = receive_message(dossier.case_id, MESSAGE, payload={"form": dossier.form_data}, actor=actor, now=now)
        add_timeline(
            dossier.case_id,
            kind="dossier.supplemented",
            text=N_(
                "Người nộp đã bổ sung hồ sơ: %(names)s", names="; ".join(str(change["label"]) for change in changes)
            ),
            audience="applicant",
            actor=actor,
            data={"changes": len(changes)},
            now=now,
        )
        return case


def _get_request(dossier_uuid: UUID) -> tuple[Dossier, SupplementRequest]:
    request = SupplementRequest.objects.select_related("dossier").filter(dossier__uuid=dossier_uuid).first()
    if request is None:
        raise DossierNotFound
    if request.answered_at is not None:
        require(rules.may_answer_supplement(requested=True, answered=True, state=NationalState.SUPPLEMENT))
    return request.dossier, request


def _lock_request(dossier_uuid: UUID) -> tuple[Dossier, SupplementRequest]:
    dossier, case = lock_dossier(dossier_uuid=dossier_uuid)
    request = SupplementRequest.objects.select_for_update(of=("self",)).filter(dossier=dossier).first()
    require(
        rules.may_answer_supplement(
            requested=request is not None,
            answered=request is not None and request.answered_at is not None,
            state=read_state(case),
        )
    )
    assert request is not None
    return dossier, request


def _check_complete(dossier: Dossier, request: SupplementRequest, *, files: list[SupplementFile], on: date) -> None:
    """Each asked paper needs a new file; each asked field must hold a lawful value, changed or confirmed."""
    data = put_answers(dossier.form_data, request.answer)
    if check_fields(dossier.procedure_version_id, keys=frozenset(request.field_keys), data=data, on=on):
        raise NotAllowedNow(
            "supplement_has_errors", N_("Một số ô chưa đúng. Hãy sửa những ô được đánh dấu rồi gửi lại.")
        )
    missing = set(request.paper_keys) - {file.field_key for file in files}
    if missing:
        labels = list_field_labels(dossier.procedure_version_id)
        names = "; ".join(labels.get(key, key) for key in request.paper_keys if key in missing)
        raise NotAllowedNow(
            "supplement_paper_missing", N_("Còn thiếu giấy tờ: %(names)s. Hãy tải lên rồi gửi lại.", names=names)
        )


def _list_changes(
    dossier: Dossier, request: SupplementRequest, *, files: list[SupplementFile], on: date
) -> list[dict[str, Any]]:
    labels = list_field_labels(dossier.procedure_version_id)
    changes: list[dict[str, Any]] = [
        {
            "key": key,
            "label": labels.get(key, key),
            "before": text_of_value(dossier.procedure_version_id, key, read_answer_at(dossier.form_data, key), on=on),
            "after": text_of_value(dossier.procedure_version_id, key, request.answer.get(key), on=on),
        }
        for key in request.field_keys
        if key in request.answer and request.answer[key] != read_answer_at(dossier.form_data, key)
    ]
    papers = dict.fromkeys(file.field_key for file in files)
    return changes + [{"key": key, "label": labels.get(key, key), "before": "", "after": ""} for key in papers]


def _replace_papers(dossier: Dossier, *, files: list[SupplementFile], now: datetime) -> None:
    keys = {file.field_key for file in files}
    old = {paper.field_key: paper for paper in Paper.objects.filter(dossier=dossier, field_key__in=keys)}
    labels = list_field_labels(dossier.procedure_version_id)
    Paper.objects.filter(dossier=dossier, field_key__in=keys, replaced_at__isnull=True).update(replaced_at=now)
    Paper.objects.bulk_create(
        Paper(
            dossier=dossier,
            field_key=file.field_key,
            code=old[file.field_key].code if file.field_key in old else "",
            name=labels.get(file.field_key, file.field_key),
            file_id=file.file_id,
            source="supplement",
            added_at=now,
        )
        for file in files
    )
