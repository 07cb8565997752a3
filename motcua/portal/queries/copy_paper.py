"""The copy of one's data as a paper: the same sections as the page, drawn by the house's template and sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from motcua.documents.public import SigningKeyMissing, ensure_demo_key, render_pdf, sign_pdf
from motcua.identity.public import PartyKind, PartyRef, get_parties
from motcua.kernel.clock import to_local
from motcua.ui.public import say, say_moment

TEMPLATE = Path(__file__).resolve().parents[1] / "paper" / "my_data.typ"


def draw_copy(held: Mapping[str, Any], *, now: datetime) -> bytes:
    """Return what is held on a party as a PDF, sealed with the vault's key where there is one. Raises: RenderFailed."""
    name = str(held["party"].name)
    title = _("Dữ liệu về %(name)s") % {"name": name}
    data = {
        "title": title,
        "about": title,
        "made_at": say_moment(now),
        "nothing": _("Chưa có."),
        "sections": list(_sections(held)),
    }
    pdf = render_pdf(TEMPLATE, data)
    return _seal(pdf, reason=title, now=now)


def _seal(pdf: bytes, *, reason: str, now: datetime) -> bytes:
    """Return the paper sealed with the vault's key; as it is where the city has given it none."""
    code, name = str(settings.MOTCUA_VAULT_SIGNER), _("Kho dữ liệu điện tử")
    try:
        return sign_pdf(pdf, agency_code=code, signer_name=name, reason=reason, now=now)
    except SigningKeyMissing:
        with suppress(
            SigningKeyMissing
        ):  # made in the demonstration only; a copy without a seal is a copy all the same
            ensure_demo_key(code, name, now=now)
            return sign_pdf(pdf, agency_code=code, signer_name=name, reason=reason, now=now)
    return pdf


def _sections(held: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    account = held["account"]
    if account is not None:
        rows = [
            (_("Họ và tên"), account.full_name), (_("Số định danh cá nhân"), account.personal_id or ""),
            (_("Ngày sinh"), _day(account.birth_on)), (_("Điện thoại"), account.phone),
            (_("Thư điện tử"), account.email), (_("Địa chỉ"), account.address),
        ]  # fmt: skip
        yield _section(_("Tài khoản"), [_table(rows, widths=(1, 2))])
    for register in held["registers"]:
        tables = [
            _table(
                [(say(field.title), say(field.text)) for field in record.fields], widths=(1, 2),
                caption=_("Đúng từ %(time)s. Nguồn: %(source)s.")
                % {"time": say_moment(record.valid_from), "source": say(record.source)},
            )
            for record in register.records
        ]  # fmt: skip
        intro = f"{say(register.owner)}. {say(register.legal_ground)}"
        yield _section(say(register.name), tables, intro=intro)
    yield _section(_("Hồ sơ đã nộp"), _table_of(
        (_("Mã hồ sơ"), _("Nộp lúc"), _("Giấy tờ không cần nộp")),
        [
            (each["dossier"].dossier_no, say_moment(each["dossier"].received_at),
             "; ".join(say(paper.says) for paper in each["spared_papers"]))
            for each in held["dossiers"]
        ], widths=(2, 2, 3),
    ))  # fmt: skip
    yield _section(_("Giấy tờ trong kho"), _table_of(
        (_("Tên giấy tờ"), _("Ngày cấp")), [(paper.title, _day(paper.issued_on)) for paper in held["papers"]],
        widths=(3, 1),
    ))  # fmt: skip
    yield from _choices(held)
    yield _section(_("Ai đã đọc"), _table_of(
        (_("Lúc"), _("Người đọc"), _("Đọc gì"), _("Mục đích, căn cứ")),
        [
            (say_moment(row.at), ", ".join(filter(None, (say(row.reader), say(row.role)))),
             f"{say(row.of)}: {say(row.what)}", f"{say(row.purpose)}. {say(row.legal_ground)}")
            for row in held["readings"]
        ], widths=(2, 3, 3, 4),
    ))  # fmt: skip


def _choices(held: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    rows = [
        (say(state.purpose.title), _("Đã đồng ý") if state.is_given else _("Chưa đồng ý")) for state in held["consents"]
    ]
    if rows:
        yield _section(_("Đồng ý và rút lại"), _table_of((_("Mục đích"), _("Hiện nay")), rows, widths=(3, 1)))
    given = held["delegations"]
    parties = get_parties(PartyRef(PartyKind.PERSON, each.delegate_person_id) for each in given)
    people = [
        (
            found.name if (found := parties.get(PartyRef(PartyKind.PERSON, each.delegate_person_id))) else "",
            _day(each.valid_from),
            _day(each.valid_to),
        )
        for each in given
    ]
    if people:
        yield _section(
            _("Người đại diện"), _table_of((_("Tên"), _("Từ ngày"), _("Đến ngày")), people, widths=(3, 1, 1))
        )


def _section(title: str, tables: Sequence[Mapping[str, Any]], *, intro: str = "") -> dict[str, Any]:
    return {"title": title, "intro": intro, "tables": list(tables)}


def _table(rows: Sequence[Sequence[str]], *, widths: Sequence[int], caption: str = "") -> dict[str, Any]:
    cells = [["".join(str(cell)) for cell in row] for row in rows]
    return {"caption": caption, "head": [], "rows": cells, "widths": list(widths)}


def _table_of(head: Sequence[str], rows: Sequence[Sequence[str]], *, widths: Sequence[int]) -> list[dict[str, Any]]:
    """Return one table with a head; none at all where there is nothing to list."""
    return [_table(rows, widths=widths) | {"head": list(head)}] if rows else []


def _day(on: Any) -> str:
    if on is None:
        return ""
    return f"{to_local(on) if isinstance(on, datetime) else on:%d/%m/%Y}"
