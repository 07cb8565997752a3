"""Putting papers into the vault: sealed under the paper's own key, that under the person's; once for each origin."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date, datetime

import orjson
from django.db import transaction

from motcua.documents.public import PDF, get_file, read_file, store_document
from motcua.identity.public import PartyRef
from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_
from motcua.vault.models import DataKey, Paper, Vault
from motcua.vault.queries.drivers import get_key_keeper
from motcua.vault.queries.keys import KeyRing, context_of, context_of_key
from motcua.vault.queries.papers import to_info
from motcua.vault.rules.kinds import check_kind
from motcua.vault.rules.sealing import make_key, seal
from motcua.vault.types import Origin, PaperDestroyed, PaperInfo, PaperRefused

_SEALED_TYPE = "application/octet-stream"


def deposit_paper(
    *,
    owner: PartyRef,
    content: bytes | int,
    kind: str,
    title: str,
    issued_on: date,
    origin: Origin,
    origin_ref: str,
    now: datetime,
    valid_to: date | None = None,
    filename: str = "",
    media_type: str = PDF,
) -> PaperInfo:
    """Put a paper into the vault of a person or firm; asked again with the same owner and origin it returns the first.

    Shape: `content` is the paper's bytes or the id of a stored file, whose name and type are then taken.
    Raises: PaperRefused; PaperDestroyed when its owner has deleted this paper; FilePending, FileLocked; KeeperAway.
    """
    name, kind_of_media, plain = _read(content, filename, media_type)
    facts = {
        "title": title.strip()[:300],
        "filename": name[:180],
        "media_type": kind_of_media,
        "sha256": hashlib.sha256(plain).hexdigest(),
    }
    _check(kind, facts["title"], plain, issued_on=issued_on, valid_to=valid_to)
    with transaction.atomic():
        vault = _lock_vault(owner, now=now)
        known = Paper.objects.select_related("vault", "key__vault").filter(vault=vault, origin_ref=origin_ref).first()
        if known is not None:
            return _answer_again(known, now=now)
        data_key, opened = _get_data_key(vault, now=now)
        paper = Paper(
            uuid=uuid.uuid4(), vault=vault, key=data_key, kind=kind, origin=origin, origin_ref=origin_ref,
            issued_on=issued_on, valid_to=valid_to, size_bytes=len(plain), deposited_at=now,
        )  # fmt: skip
        own_key = make_key()
        paper.wrapped_key = seal(own_key, key=opened, context=context_of(paper.uuid, "key"))
        paper.sealed = seal(orjson.dumps(facts), key=opened, context=context_of(paper.uuid, "facts"))
        sealed = seal(plain, key=own_key, context=context_of(paper.uuid, "content"))
        file = store_document(sealed, filename=f"{paper.uuid}.bin", media_type=_SEALED_TYPE, purpose="vault", now=now)
        paper.file_id = file.id
        paper.save()
    return to_info(paper, KeyRing(), on=local_date(now))


def _read(content: bytes | int, filename: str, media_type: str) -> tuple[str, str, bytes]:
    if isinstance(content, bytes):
        return filename or "giay-to.pdf", media_type, content
    file = get_file(content)
    return filename or file.filename, file.media_type, read_file(content)


def _check(kind: str, title: str, plain: bytes, *, issued_on: date, valid_to: date | None) -> None:
    check_kind(kind)
    if not title:
        raise PaperRefused("title", N_("Giấy tờ phải có tên. Hãy ghi tên giấy tờ."))
    if not plain:
        raise PaperRefused("empty", N_("Tệp rỗng. Hãy chọn lại tệp có nội dung."))
    if valid_to is not None and valid_to < issued_on:
        raise PaperRefused("dates", N_("Ngày hết hạn phải từ ngày cấp trở đi. Hãy sửa lại ngày."))


def _answer_again(known: Paper, *, now: datetime) -> PaperInfo:
    if known.destroyed_at is not None or known.key.destroyed_at is not None:
        raise PaperDestroyed
    return to_info(known, KeyRing(), on=local_date(now))


def _lock_vault(owner: PartyRef, *, now: datetime) -> Vault:
    key = {"owner_kind": owner.kind, "owner_id": owner.id}
    Vault.objects.bulk_create([Vault(**key, created_at=now)], ignore_conflicts=True)
    return Vault.objects.select_for_update(of=("self",), no_key=True).get(**key)


def _get_data_key(vault: Vault, *, now: datetime) -> tuple[DataKey, bytes]:
    """Return the person's living key, made now if there is none (a new vault, or one that was emptied by deletion)."""
    row = DataKey.objects.filter(vault=vault, destroyed_at__isnull=True).first()
    if row is not None:
        row.vault = vault
        return row, KeyRing().get(row)
    generation = DataKey.objects.filter(vault=vault).count() + 1
    fresh = make_key()
    wrapped = get_key_keeper().wrap(fresh, context=context_of_key(vault.uuid, generation))
    row = DataKey.objects.create(
        vault=vault, generation=generation, kek_id=wrapped.kek_id, wrapped=wrapped.wrapped, created_at=now
    )
    return row, fresh
