"""Give consent to one purpose, take it back as easily. Each act is a new row and a line in the log."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.audit.public import Actor, record_decision
from motcua.identity.models import Consent, Person
from motcua.identity.queries.consents import find_purpose
from motcua.identity.types import ConsentAct, ConsentPurpose, ConsentRefused, NotFound
from motcua.kernel.clock import local_date


def give_consent(
    person_id: int, *, purpose: str, shown_sha256: str, by_user_id: int, actor: Actor, now: datetime
) -> bool:
    """Note that the person agrees to exactly the text that was shown; say whether that is new.

    Raises: ConsentRefused for an unknown purpose or a text that has changed since; NotFound.
    Source: Law 91/2025/QH15, Art. 9; in force 2026-01-01.
    """
    wanted = _get_purpose(purpose, now)
    if wanted.sha256 != shown_sha256:
        raise ConsentRefused(
            "identity.consent_text_changed", _("Nội dung xin đồng ý vừa thay đổi. Hãy đọc lại rồi chọn.")
        )
    return _note(person_id, wanted, act=ConsentAct.GIVEN, by_user_id=by_user_id, actor=actor, now=now)


def withdraw_consent(person_id: int, *, purpose: str, by_user_id: int, actor: Actor, now: datetime) -> bool:
    """Take consent back, at once and whatever the text says now; say whether there was any to take back.

    Raises: ConsentRefused for an unknown purpose; NotFound.
    Source: Law 91/2025/QH15, Art. 10; in force 2026-01-01.
    """
    wanted = _get_purpose(purpose, now)
    return _note(person_id, wanted, act=ConsentAct.WITHDRAWN, by_user_id=by_user_id, actor=actor, now=now)


def _get_purpose(code: str, now: datetime) -> ConsentPurpose:
    found = find_purpose(code, on=local_date(now))
    if found is None:
        raise ConsentRefused("identity.consent_unknown", _("Không có mục đích này. Hãy tải lại trang rồi chọn lại."))
    return found


def _note(
    person_id: int, purpose: ConsentPurpose, *, act: ConsentAct, by_user_id: int, actor: Actor, now: datetime
) -> bool:
    """Write the act unless it says what stands already: pressing twice is one act."""
    with transaction.atomic():
        person = Person.objects.select_for_update(of=("self",)).filter(pk=person_id).first()
        if person is None:
            raise NotFound("identity.person_not_found", _("Không tìm thấy người này. Hãy kiểm tra lại thông tin."))
        last = Consent.objects.filter(person=person, purpose=purpose.code).order_by("-number").first()
        if act == ConsentAct.WITHDRAWN and (last is None or last.act == act):
            return False
        if act == ConsentAct.GIVEN and last is not None and (last.act, last.version) == (act, purpose.version):
            return False
        Consent.objects.create(
            person=person,
            purpose=purpose.code,
            version=purpose.version,
            text_sha256=purpose.sha256,
            act=act,
            number=last.number + 1 if last else 1,
            at=now,
            by_user_id=by_user_id,
        )
        record_decision(
            actor,
            subject=f"person:{person.uuid}",
            action=f"identity.consent_{act}",
            details={"purpose": purpose.code, "version": purpose.version, "sha256": purpose.sha256},
            now=now,
        )
    return True
