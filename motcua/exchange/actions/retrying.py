"""A request that is sent again by a caller who did not hear the first answer: it gets that answer, nothing is done."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from motcua.exchange.actions.calls import Call, hash_call
from motcua.exchange.models import Message

AGAIN_WITHIN = timedelta(minutes=5)
_WRONG = 400


def list_done(call: Call, *, now: datetime) -> tuple[UUID | None, ...]:
    """Return the record that the very same request of this caller changed a moment ago; nothing when it did not.

    Asked only when the request finds nothing to change. Every byte must be the same, the signature's nonce too: a
    request that is signed anew is a new one.
    """
    if call.asked is None:
        return ()
    same = Message.objects.filter(
        service=str(call.asked.service)[:260], at__gt=now - AGAIN_WITHIN, at__lte=now,
        client=str(call.asked.client)[:200], request_sha512=hash_call(call.envelope), status__lt=_WRONG,
    )  # fmt: skip
    return tuple(same.order_by("-at").values_list("record_uuid", flat=True)[:1])
