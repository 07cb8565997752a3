"""Checkpoints that an outsider keeps: whether the log of today still goes on from one.

Who holds a checkpoint notices a log that was cut, rewritten or forked, though whoever runs it re-signed everything.
Source: RFC 9162, 1.
"""

from __future__ import annotations

import orjson

from motcua.exchange.models import MessageBatch
from motcua.exchange.queries.log import list_digests, to_batch
from motcua.exchange.rules.merkle import find_root
from motcua.exchange.rules.proof import write_statement
from motcua.exchange.types import RecordNotProved
from motcua.kernel.messages import N_

_NAMES = ("first_seq", "last_seq", "previous", "digest", "root")


def export_checkpoint() -> bytes:
    """Return the statement of the last batch with its signature. Raises: RecordNotProved while there is none."""
    row = MessageBatch.objects.order_by("-last_seq").first()
    if row is None:
        raise RecordNotProved(is_known=True)
    batch = to_batch(row)
    content = {name: getattr(batch, name) for name in _NAMES}
    content |= {"statement": write_statement(batch).decode(), "jws": batch.jws}
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS) + b"\n"


def check_witness(checkpoint: bytes) -> str:
    """Return what is wrong between a kept checkpoint and the log, or nothing."""
    try:
        kept = orjson.loads(checkpoint)
        first, last = int(kept["first_seq"]), int(kept["last_seq"])
        wanted = {name: kept[name] for name in _NAMES}
    except (ValueError, KeyError, TypeError):
        return N_("Tệp dấu mốc không đọc được.")
    row = MessageBatch.objects.filter(first_seq=first, last_seq=last).first()
    if row is None or {name: getattr(row, name) for name in _NAMES} != wanted:
        return N_("Đợt %(a)s–%(b)s của nhật ký khác với dấu mốc đã giữ.", a=first, b=last)
    digests = list_digests(first, last - first + 1)
    if len(digests) != last - first + 1 or find_root(digests) != row.root or digests[-1] != row.digest:
        return N_("Các dòng %(a)s–%(b)s không còn đúng như khi được ký.", a=first, b=last)
    return _check_after(row)


def _check_after(row: MessageBatch) -> str:
    """Return the first break between the batches that came after one, or nothing."""
    seq, digest = row.last_seq, row.digest
    later = MessageBatch.objects.filter(first_seq__gt=seq).order_by("first_seq")
    for first, last, previous, end in later.values_list("first_seq", "last_seq", "previous", "digest").iterator():
        if first != seq + 1 or previous != digest:
            return N_("Chuỗi đứt ở dòng %(seq)s.", seq=first)
        seq, digest = last, end
    return ""
