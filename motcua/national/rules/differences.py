"""The two sides compared for one day. Pure: two lists in, each difference with its kind, its cause and what mends it.

Explained means that a cause is written down here: a message that waits or was refused, one that was acknowledged and
is not there any more, a package that a person still looks at. What has no such cause is said to have none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from motcua.kernel.messages import N_
from motcua.national.types import Difference, DifferenceKind, SentNote, ToldState


def compare_day(
    ours: Mapping[str, Sequence[SentNote]],
    theirs: Mapping[str, ToldState],
    *,
    until: datetime,
    known: Collection[str] = (),
    in_queue: Collection[str] = (),
) -> tuple[int, tuple[Difference, ...]]:
    """Return how many dossiers agree, and each difference.

    `ours`: dossier code -> all its messages so far by `seq`, for dossiers with a state reached on the day.
    `until`: the end of the day. `known`: codes of dossiers of ours whatever the day. `in_queue`: codes of packages
    that wait for a person.
    """
    differences = []
    matched = 0
    for code in sorted(ours.keys() | theirs.keys()):
        found = _compare_one(code, ours.get(code, ()), theirs.get(code), until, known, in_queue)
        if found is None:
            matched += 1
        else:
            differences.append(found)
    return matched, tuple(differences)


def _compare_one(
    code: str,
    notes: Sequence[SentNote],
    told: ToldState | None,
    until: datetime,
    known: Collection[str],
    in_queue: Collection[str],
) -> Difference | None:
    last = find_last(notes, until=until)
    if last is None:
        return None if told is None else _only_theirs(code, told, code in known, code in in_queue)
    if told is not None and told.state == last.state:
        if told.accepted_at < until:
            return None
        return _make(code, "late", last, told, N_("Trạng thái của ngày này tới bên kia sau khi hết ngày; nay đã đúng."),
                     is_open=False)  # fmt: skip
    newest = [each for each in notes if each.state == last.state and each.happened_at == last.happened_at][-1]
    if newest.outcome == "waiting":
        says = N_(
            "Thông điệp chưa tới nơi sau %(attempts)s lần gửi; hệ thống đang tự gửi lại.", attempts=newest.attempts
        )
        return _make(code, "not_sent", last, told, says)
    if newest.outcome == "refused":
        says = N_("Bên kia từ chối: %(text)s. Hãy sửa nguyên nhân rồi gửi lại.", text=newest.ack_text or "-")
        return _make(code, "refused", last, told, says)
    return _compare_acked(code, notes, last, told)


def _compare_acked(code: str, notes: Sequence[SentNote], last: SentNote, told: ToldState | None) -> Difference:
    """Both sides once agreed: the other one has lost it since, or holds what we never told."""
    if told is None:
        says = N_("Bên kia đã xác nhận nhưng trong danh sách không còn; hãy gửi lại.")
        return _make(code, "lost", last, told, says)
    if any(each.state == told.state and each.seq < last.seq for each in notes):
        says = N_("Bên kia đã xác nhận nhưng vẫn giữ trạng thái cũ hơn; hãy gửi lại.")
        return _make(code, "lost", last, told, says)
    says = N_("Bên kia giữ một trạng thái mà ta chưa từng gửi. Hãy hỏi bên kia vì sao, rồi gửi lại.")
    return _make(code, "wrong_state", last, told, says, is_explained=False)


def _only_theirs(code: str, told: ToldState, is_known: bool, is_in_queue: bool) -> Difference:
    if is_in_queue:
        says = N_("Gói hồ sơ đã nhận, đang chờ người xem trong hàng chờ; hãy xử lý ở đó.")
        return _make(code, "unknown_code", None, told, says)
    if is_known:
        says = N_("Bên kia ghi một trạng thái trong ngày mà hồ sơ này không đổi. Hãy hỏi bên kia, rồi gửi lại.")
        return _make(code, "wrong_state", None, told, says, is_explained=False)
    says = N_("Ta không có hồ sơ mang mã này. Hãy lấy lại gói hồ sơ, hoặc hỏi bên kia đã gửi cho ai.")
    return _make(code, "unknown_code", None, told, says, is_explained=False)


def find_last(notes: Sequence[SentNote], *, until: datetime) -> SentNote | None:
    """Return the state that stood at the end of the day: the last one reached, whenever it was sent."""
    reached = [each for each in notes if each.happened_at < until]
    return max(reached, key=lambda each: (each.happened_at, each.seq), default=None)


def _make(
    code: str, kind: DifferenceKind, ours: SentNote | None, told: ToldState | None, says: str, *,
    is_explained: bool = True, is_open: bool = True,
) -> Difference:  # fmt: skip
    return Difference(
        code=code,
        kind=kind,
        ours=ours.state if ours else None,
        theirs=told.state if told else None,
        says=says,
        is_explained=is_explained,
        is_open=is_open,
    )
