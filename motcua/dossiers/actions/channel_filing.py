"""Filing by another front door: its package becomes a dossier exactly as a draft of ours would."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from motcua.audit.public import Actor
from motcua.documents.public import get_files
from motcua.dossiers.actions.filing import answer_again, write_dossier
from motcua.dossiers.models import Dossier
from motcua.dossiers.queries.preparing import prepare_filing
from motcua.dossiers.types import AttachedFile, ChannelFiling, DraftInfo, Filed, Origin


def check_channel_filing(filing: ChannelFiling) -> tuple[tuple[str, str, str], ...]:
    """Return what stands in the way of this filing as (page key, field key, sentence); writes nothing.

    Raises: ProcedureVersionNotFound.
    """
    prepared = prepare_filing(_to_draft(filing), submitter_person_id=None, now=filing.received_at)
    return prepared.errors


def file_dossier_from_channel(filing: ChannelFiling, *, actor: Actor, now: datetime) -> Filed:
    """File what another front door took in, once by its `client_key`; again gets the first answer with `is_repeat`.

    The law's rules are those of the day on which that door received it.
    Raises: DraftIncomplete with every error of every page; ProcedureVersionNotFound; IntegrityError for an origin
    code that another dossier has.
    """
    known = Dossier.objects.filter(client_key=filing.client_key).values_list("case_id", flat=True).first()
    if known is not None:
        return answer_again(known)
    draft = _to_draft(filing)
    prepared = prepare_filing(draft, submitter_person_id=None, now=filing.received_at)
    ready = prepared.require_ready()
    with transaction.atomic():
        return write_dossier(
            draft,
            prepared=prepared,
            ready=ready,
            submitter=(None, str(filing.submitter.get("name") or ready.party.name)),
            origin=Origin(code=filing.origin_code, received_at=min(filing.received_at, now)),
            actor=actor,
            now=now,
        )


def _to_draft(filing: ChannelFiling) -> DraftInfo:
    """Return the filing as a draft of which nothing was ever stored."""
    found = get_files([file_id for _key, file_id in filing.files])
    files = tuple(
        AttachedFile(
            uuid=found[file_id].uuid,
            field_key=key,
            file_id=file_id,
            filename=found[file_id].filename,
            media_type=found[file_id].media_type,
            size_bytes=found[file_id].size_bytes,
            scan_state=found[file_id].scan_state,
        )
        for key, file_id in filing.files
    )
    return DraftInfo(
        uuid=filing.client_key,
        procedure_version_id=filing.procedure_version_id,
        owner_id=None,
        data=filing.data,
        applicant_kind=filing.applicant_kind,
        applicant_id=filing.applicant_id,
        result_channel=filing.result_channel,
        page_key="",
        pages_done=(),
        revision=1,
        client_key=filing.client_key,
        channel=filing.channel,
        reception_agency_id=filing.reception_agency_id,
        updated_at=filing.received_at,
        expires_at=filing.received_at,
        is_deleted=False,
        submitted_case_id=None,
        files=files,
    )
