"""The decision tables of a version: read and compiled once in a process, asked with the answers of a filing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from motcua.procedures.models import PackageFile
from motcua.procedures.queries.data import load_exemptions, load_waivers
from motcua.procedures.rules import decisions as rules
from motcua.procedures.rules.exemptions import list_exemptions
from motcua.procedures.rules.fees import FeeChoice, add_up_decided, choose_fee
from motcua.procedures.rules.package_files import DECISIONS
from motcua.procedures.types import ApplicantKind, Channel, EligibilityMessage, Fee, FeeLine, ProcedureDetail
from motcua.process.dmn import DecisionModel, parse_decisions


def get_decision(version: ProcedureDetail, name: str) -> DecisionModel | None:
    """Return a decision of the version's package, compiled; None when the package has none of that name."""
    return _load_model(version.version_id, name) if name in version.decision_names else None


@lru_cache(maxsize=2048)
def _load_model(version_id: int, name: str) -> DecisionModel | None:
    path = f"{DECISIONS}{name}.dmn"
    content = PackageFile.objects.filter(version=version_id, path=path).values_list("content", flat=True).first()
    return parse_cached(bytes(content)) if content is not None else None


@lru_cache(maxsize=1024)
def parse_cached(xml: bytes) -> DecisionModel:
    """Return a decision file compiled; the same bytes are compiled once in a process."""
    return parse_decisions(xml)


def check_eligibility(
    version: ProcedureDetail,
    *,
    channel: Channel,
    applicant_kind: ApplicantKind = "any",
    on: date,
    answers: Mapping[str, Any],
) -> tuple[EligibilityMessage, ...]:
    """Say what stands in the way of filing (`blocks`) or should be known before, by the procedure's own table.

    A procedure without such a table lets everybody file: the office decides then.
    """
    model = get_decision(version, rules.ELIGIBILITY)
    if model is None:
        return ()
    inputs = rules.make_inputs(channel=channel, applicant_kind=applicant_kind, on=on, copies=1, answers=answers)
    return rules.read_messages(model.evaluate(rules.ELIGIBILITY, inputs).value)


def list_fee_table(version: ProcedureDetail, *, channel: Channel, on: date) -> tuple[FeeLine, ...]:
    """Return the rows of the fee table that may hold for this way of filing, as a page shows them before any answer."""
    model = get_decision(version, rules.FEE)
    table = rules.find_table(model, rules.FEE) if model else None
    if table is None:
        return ()
    return rules.list_fee_rows(table, channel=channel, applicant_kind="any", on=on)[0]


def compute_fee(
    version: ProcedureDetail,
    *,
    channel: Channel,
    applicant_kind: ApplicantKind = "any",
    on: date,
    copies: int = 1,
    answers: Mapping[str, Any] | None = None,
    groups: Collection[str] = (),
) -> Fee:
    """Compute what one filing costs on a date: the procedure's table, less what the law and the city take off.

    `groups`: what registers prove of the applicant (see `list_asked_groups`). Without `answers` a table that hangs on
    them gives its rows and no amount. `amount_vnd` None otherwise means that an official fixes the amount by the texts
    in `lines`; never charge then.
    """
    model = get_decision(version, rules.FEE)
    if model is None:
        return _from_choice(_choose_row(version, channel, applicant_kind, on, copies, groups))
    if answers is None:
        rows = _choose_from_rows(version, model, channel, applicant_kind, on)
        if rows is not None:
            return rows
    inputs = rules.make_inputs(
        channel=channel, applicant_kind=applicant_kind, on=on, copies=copies, answers=answers or {}, groups=groups
    )
    lines = rules.read_fee_lines(model.evaluate(rules.FEE, inputs).value)
    return _from_choice(
        add_up_decided(
            lines,
            load_waivers(),
            field=version.field,
            channel=channel,
            on=on,
            exemptions=load_exemptions(),
            groups=groups,
        )
    )


def list_asked_groups(version: ProcedureDetail, fee: Fee, *, on: date) -> frozenset[str]:
    """Return the groups that could take this fee down: what is worth asking registers about, and nothing more.

    Empty where nothing is due anyway: then no register is read.
    """
    if fee.amount_vnd == 0:
        return frozenset()
    exemptions = load_exemptions()
    found = {
        each.group
        for line in fee.lines
        if line.amount_vnd != 0
        for each in list_exemptions(exemptions, field=version.field, label=line.label, on=on, texts=[line.text])
    }
    if rules.FEE in version.decision_names and _reads_groups(version.version_id):
        found |= {each.group for each in exemptions}
    return frozenset(found)


@lru_cache(maxsize=2048)
def _reads_groups(version_id: int) -> bool:
    path = f"{DECISIONS}{rules.FEE}.dmn"
    content = PackageFile.objects.filter(version=version_id, path=path).values_list("content", flat=True).first()
    return content is not None and rules.reads_groups(bytes(content))


def _choose_row(
    version: ProcedureDetail,
    channel: Channel,
    applicant_kind: ApplicantKind,
    on: date,
    copies: int,
    groups: Collection[str],
) -> FeeChoice:
    return choose_fee(
        version.fees,
        load_waivers(),
        field=version.field,
        channel=channel,
        applicant_kind=applicant_kind,
        on=on,
        copies=copies,
        exemptions=load_exemptions(),
        groups=groups,
    )


def _choose_from_rows(
    version: ProcedureDetail, model: DecisionModel, channel: Channel, applicant_kind: ApplicantKind, on: date
) -> Fee | None:
    """Return what a table says before any answer; None when it needs none, so that it can simply be asked."""
    table = rules.find_table(model, rules.FEE)
    if table is None:
        return None
    lines, hangs = rules.list_fee_rows(table, channel=channel, applicant_kind=applicant_kind, on=on)
    if not hangs:
        return None
    choice = add_up_decided(lines, load_waivers(), field=version.field, channel=channel, on=on)
    if choice.amount_vnd == 0 and all(line.amount_vnd == 0 for line in choice.lines):
        return _from_choice(choice)  # whatever is answered, nothing is due
    reason = _("Số tiền tùy câu trả lời của bạn; bạn thấy số tiền của mình trước khi nộp hồ sơ.")
    return Fee(amount_vnd=None, lines=choice.lines, reason_vi=reason, hangs_on_answers=True)


def _from_choice(choice: FeeChoice) -> Fee:
    return Fee(amount_vnd=choice.amount_vnd, lines=choice.lines, reason_vi=_explain(choice))


def _explain(choice: FeeChoice) -> str:
    if choice.waiver is not None:
        return _("%(name)s. Vẫn cấp biên lai 0 đồng.") % {"name": choice.waiver.name}
    if choice.reason == "exempt" and choice.amount_vnd == 0:
        return _("Được miễn theo luật; dữ liệu của cơ quan nhà nước đã chứng minh, bạn không phải nộp giấy tờ.")
    if choice.reason == "exempt":
        return _("Đã trừ phần được miễn, giảm theo luật; dữ liệu của cơ quan nhà nước đã chứng minh.")
    if choice.reason == "none_stated":
        return _("Dữ liệu nguồn chưa nêu phí, lệ phí; cán bộ tiếp nhận sẽ báo trước khi thu.")
    if choice.reason == "several":
        return _("Mức thu khác nhau theo trường hợp; cán bộ tiếp nhận sẽ báo mức thu của hồ sơ này.")
    if choice.reason == "by_official":
        return _("Mức thu chưa tính được tự động; cán bộ tiếp nhận sẽ báo theo quy định.")
    if choice.amount_vnd == 0:
        return _("Không thu phí, lệ phí.")
    return _("Theo biểu phí đang áp dụng cho cách nộp này.")
