"""The steward's screens: what waits, two records side by side, one person with where each value comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.identity.public import Principal, Role, get_principal, official_required
from motcua.kernel import clock
from motcua.kernel.errors import DomainError
from motcua.linkage.public import (
    PairInfo,
    PairNotFound,
    build_person,
    find_next_pair,
    get_pair,
    judge_pair,
    list_members,
    list_own_registers,
    list_pairs,
    unlink_pair,
)
from motcua.linkage.queries.pairs import QUEUES
from motcua.linkage.rules.explaining import explain
from motcua.linkage.rules.golden import FIELDS
from motcua.registers.public import OwnSlice, Reading, get_register, read_own_slices
from motcua.ui.public import say

PURPOSE = "Đối soát người giữa các sổ dữ liệu"
GROUND = "Luật Dữ liệu 60/2024/QH15"  # unsure: the article was not read


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of two records, as the page shows it."""

    label: str
    left: str
    right: str
    is_same: bool


@never_cache
@require_safe
@official_required(Role.DATA_STEWARD)
def queue(request: HttpRequest) -> HttpResponse:
    """Show one of the four queues; no personal data stands in the list."""
    state = request.GET.get("loai", "")
    state = state if state in QUEUES else QUEUES[0]
    page = list_pairs(state, registers=_registers(request), page=request.GET.get("trang", "1"))
    rows = [(pair, _name_of(pair.left_register), _name_of(pair.right_register), _sum_up(pair)) for pair in page.items]
    return render(request, "linkage/queue.html", {"page": page, "rows": rows, "state": state, "states": _states()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@official_required(Role.DATA_STEWARD)
def pair(request: HttpRequest, pair_uuid: UUID) -> HttpResponse:
    """Show two records side by side and take the steward's word; then the next pair comes."""
    registers, error = _registers(request), ""
    if request.method == "POST":
        try:
            state = _judge(request, pair_uuid, registers)
        except PairNotFound:
            raise
        except DomainError as refused:
            error = say(refused.message)
        else:
            messages.success(request, _confirm(state, request.POST.get("noi", "")))
            following = find_next_pair(registers=registers, after=pair_uuid)
            where = reverse("linkage:pair", args=[following]) if following else reverse("linkage:queue")
            return HttpResponseRedirect(where)
    info = get_pair(pair_uuid, registers=registers)
    slices = read_own_slices({info.left_uuid, info.right_uuid}, reading=_reading(request), now=clock.now())
    context = {
        "pair": info,
        "sides": (_name_of(info.left_register), _name_of(info.right_register)),
        "rows": _side_by_side(info, slices),
        "findings": explain(info.levels),
        "error": error,
        "states": _states(),
    }
    return render(request, "linkage/pair.html", context, status=422 if error else 200)


@require_POST
@official_required(Role.DATA_STEWARD)
def unlink(request: HttpRequest, pair_uuid: UUID) -> HttpResponse:
    """Undo a link by one act."""
    try:
        unlink_pair(
            pair_uuid, version=_version(request), registers=_registers(request), reason=request.POST.get("ly-do", ""),
            actor=_principal(request).to_actor(), now=clock.now(),
        )  # fmt: skip
    except PairNotFound:
        raise
    except DomainError as refused:
        messages.error(request, say(refused.message))
    else:
        messages.success(request, _("Đã tách: hai bản ghi đứng riêng như trước khi nối."))
    return HttpResponseRedirect(reverse("linkage:pair", args=[pair_uuid]))


@never_cache
@require_safe
@official_required(Role.DATA_STEWARD)
def person(request: HttpRequest, record_uuid: UUID) -> HttpResponse:
    """Show one person: the values that stand, each with the records that say it."""
    members, links = list_members(record_uuid, registers=_registers(request))
    slices = read_own_slices(members, reading=_reading(request), now=clock.now())
    found = build_person(tuple(slices.values()), links=links)
    context = {
        "person": found,
        "names": {each.uuid: _name_of(each.register) for each in found.records},
        "labels": _labels([each.register for each in found.records]),
    }
    return render(request, "linkage/person.html", context)


def _judge(request: HttpRequest, pair_uuid: UUID, registers: Sequence[str]) -> str:
    return judge_pair(
        pair_uuid, said=request.POST.get("noi", ""), version=_version(request), registers=registers,
        reason=request.POST.get("ly-do", ""), actor=_principal(request).to_actor(), now=clock.now(),
    )  # fmt: skip


def _confirm(state: str, said: str) -> str:
    if said == "same" and state == "waiting":
        return _("Đã ghi ý kiến của bạn; cần một người nữa cùng ý kiến thì hai bản ghi mới được nối.")
    return {
        "linked": _("Đã nối hai bản ghi: cùng một người. Nếu nhầm, mở lại cặp này để tách."),
        "different": _("Đã ghi: không phải một người. Các lần đối soát sau không nối hai bản ghi này."),
        "unsure": _("Đã ghi: chưa rõ. Cặp này nằm trong mục “Chưa rõ”."),
    }.get(state, _("Đã ghi."))


def _states() -> dict[str, str]:
    return {
        "waiting": _("Chờ người xem"),
        "unsure": _("Chưa rõ"),
        "linked": _("Cùng một người"),
        "different": _("Không phải một người"),
    }


def _sum_up(info: PairInfo) -> str:
    """Return what speaks for and against in one line."""
    findings = explain(info.levels)
    parts = [f"{say(each.about)}: {say(each.says)}" for each in findings if each.side in ("weak", "against")]
    return "; ".join(parts[:3]) or _("Các mục so được đều giống nhau.")


def _side_by_side(info: PairInfo, slices: Mapping[UUID, OwnSlice]) -> tuple[FieldRow, ...]:
    left, right = (_data(slices, each) for each in (info.left_uuid, info.right_uuid))
    labels = _labels([info.left_register, info.right_register])
    names = [name for name in (*FIELDS, *sorted({*left, *right} - set(FIELDS))) if left.get(name) or right.get(name)]
    return tuple(
        FieldRow(
            label=labels.get(name, name),
            left=_show(left.get(name)),
            right=_show(right.get(name)),
            is_same=left.get(name) == right.get(name),
        )  # fmt: skip
        for name in names
    )


def _data(slices: Mapping[UUID, OwnSlice], uuid: UUID) -> Mapping[str, Any]:
    return slices[uuid].data if uuid in slices else {}


def _show(value: object) -> str:
    return "" if value is None else str(value)


def _labels(registers: Sequence[str]) -> dict[str, str]:
    """Return the titles of fields as the registers' schemas have them; the first register's word stands."""
    labels: dict[str, str] = {}
    for code in dict.fromkeys(registers):
        for name, field in get_register(code).schema.get("properties", {}).items():
            labels.setdefault(name, field.get("title", name))
    return labels


def _name_of(register: str) -> str:
    return get_register(register).name


def _registers(request: HttpRequest) -> tuple[str, ...]:
    return list_own_registers(_principal(request).agency_ids(Role.DATA_STEWARD))


def _reading(request: HttpRequest) -> Reading:
    return Reading(actor=_principal(request).to_actor(), purpose=PURPOSE, legal_ground=GROUND)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("lan", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _principal(request: HttpRequest) -> Principal:
    found = get_principal(request)
    assert found is not None  # the decorator has asked
    return found
