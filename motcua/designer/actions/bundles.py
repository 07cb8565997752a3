"""Packages out and in as signed files."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from motcua.designer.actions.drafts import create_draft
from motcua.designer.models import SLUG_PATTERN
from motcua.designer.queries.access import get_draft_row
from motcua.designer.queries.drafts import read_files
from motcua.designer.rules.bundle import make_manifest, read_bundle, write_bundle
from motcua.designer.types.drafts import BundleRefused
from motcua.documents.public import sign_bytes, verify_bytes
from motcua.identity.public import Principal
from motcua.kernel.messages import N_
from motcua.places.public import get_agency


def export_draft(principal: Principal, draft_uuid: UUID) -> tuple[str, bytes]:
    """Return the file name and the package signed with the key of the draft's agency. Raises: SigningKeyMissing."""
    draft = get_draft_row(principal, draft_uuid)
    files = read_files(draft.pk)
    manifest = make_manifest(files, slug=draft.slug, procedure_code=draft.procedure_code, title=draft.title)
    signature = sign_bytes(manifest, agency_code=get_agency(draft.agency_id).code)
    return f"{draft.slug}.zip", write_bundle(files, manifest=manifest, signature=signature)


def import_bundle(principal: Principal, content: bytes, *, now: datetime) -> tuple[UUID, str]:
    """Open a draft from a bundle whose signature leads to a root trusted here; return it and who signed.

    Raises: BundleRefused with what is wrong; NotYourRole.
    """
    bundle = read_bundle(content)
    if not re.match(SLUG_PATTERN, bundle.slug):
        raise BundleRefused(N_("manifest.json không phải của gói quy trình Một Cửa."))
    verdict = verify_bytes(bundle.manifest, bundle.signature, now=now)
    if not bundle.signature:
        raise BundleRefused(N_("Gói không có chữ ký nên không biết ai gửi. Hãy xin gói có chữ ký của cơ quan."))
    if not verdict.is_valid:
        raise BundleRefused(N_("Chữ ký của gói không đúng: gói đã bị sửa hoặc chữ ký hỏng. Không nhận gói này."))
    if not verdict.is_trusted:
        raise BundleRefused(
            N_("Gói do «%(name)s» ký, nhưng chứng thư này không thuộc nơi được tin cậy.", name=verdict.signer_name)
        )
    uuid = create_draft(
        principal,
        files=bundle.files,
        slug=bundle.slug,
        procedure_code=bundle.procedure_code,
        title=bundle.title,
        origin="import",
        origin_note=verdict.signer_name,
        now=now,
    )
    return uuid, verdict.signer_name
