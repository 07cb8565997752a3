"""Who is competent, with the reason in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from motcua.places.public import (
    AgencyInfo,
    find_agency_by_code,
    find_area,
    find_current_agency,
    list_agencies,
    list_agencies_for_area,
)
from motcua.procedures.models import ProcedureVersion
from motcua.procedures.queries.catalogue import in_force
from motcua.procedures.rules.competence import name_matches
from motcua.procedures.rules.drafts import competence_from_plain
from motcua.procedures.types import Competence, CompetenceRule, FilingRule, ProcedureDetail


def find_competence(version: ProcedureDetail, *, area_code: str, on: date) -> Competence:
    """Say which agency solves it for a person of this area, who receives it, and why."""
    return find_competence_by_rule(version.competence, area_code=area_code, on=on)


def list_filing_rules(*, on: date) -> tuple[FilingRule, ...]:
    """Return the rule of competence of each procedure in force, by code, for who asks about all of them at once."""
    rows = (
        ProcedureVersion.objects.filter(in_force(on))
        .order_by("procedure__code")
        .values_list("procedure__code", "name", "competence", "process_version_id")
    )
    return tuple(
        FilingRule(code=code, name=name, rule=competence_from_plain(rule), is_fileable=process is not None)
        for code, name, rule, process in rows
    )


def find_competence_by_rule(rule: CompetenceRule, *, area_code: str, on: date) -> Competence:
    """Say by a rule which agency solves it for a person of this area, who receives it, and why.

    The service centre receives whatever has no agency of its own in the city's list; `is_certain` says whether the
    rule itself was sure. Source: Decree 118/2025/NĐ-CP, Art. 17; in force 2025-07-01.
    """
    agency, reception = _find_offices(rule, area_code, on, None)
    return Competence(
        agency=agency,
        reception=reception,
        reason_vi=_explain(rule, agency, reception, area_code, on),
        is_certain=agency is not None and rule.mark == "sure",
    )


def find_reception(rule: CompetenceRule, *, area_code: str, on: date, among: Sequence[AgencyInfo]) -> AgencyInfo | None:
    """Say who receives it, of the day's offices at hand: for who asks for many rules and areas at once."""
    return _find_offices(rule, area_code, on, among)[1]


def _find_offices(
    rule: CompetenceRule, area_code: str, on: date, among: Sequence[AgencyInfo] | None
) -> tuple[AgencyInfo | None, AgencyInfo | None]:
    """Return who solves it and who receives it, of all offices of the day or of those at hand."""
    centre = _find_centre(area_code, on, among)
    agency = _find_agency(rule, area_code, on, among)
    return agency, _choose_reception(rule, agency, centre)


def _find_agency(
    rule: CompetenceRule, area_code: str, on: date, among: Sequence[AgencyInfo] | None
) -> AgencyInfo | None:
    if rule.agency_code:
        at_hand = next((agency for agency in among or () if agency.code == rule.agency_code.strip().upper()), None)
        named = at_hand or find_agency_by_code(rule.agency_code)
        return at_hand or (find_current_agency(named.id, on=on) if named else None)
    if rule.level == "commune":
        found = _list_offices(on, among, kind=rule.agency_kind, area_code=area_code) if area_code else ()
        return _pick([agency for agency in found if agency.level == "commune"], "")
    if rule.level == "city":
        return _pick(_list_offices(on, among, kind=rule.agency_kind, level="city"), rule.agency_name)
    return None


def _list_offices(
    on: date, among: Sequence[AgencyInfo] | None, *, kind: str | None, level: str | None = None, area_code: str = ""
) -> Sequence[AgencyInfo]:
    if among is not None:
        return [
            agency
            for agency in among
            if kind in (None, agency.kind) and level in (None, agency.level) and area_code in ("", agency.area_code)
        ]
    if area_code:
        return list_agencies_for_area(area_code, kind=kind, on=on)
    return list_agencies(on=on, kind=kind, level=level)


def _pick(found: Sequence[AgencyInfo], name: str) -> AgencyInfo | None:
    """Pick the agency of that name; without a name, or with none of that name, only a single one will do."""
    named = [agency for agency in found if name_matches(agency.name, name) or name_matches(agency.short_name, name)]
    candidates = named or ([] if _is_department(found) else list(found))
    return candidates[0] if len(candidates) == 1 or named else None


def _is_department(found: Sequence[AgencyInfo]) -> bool:
    return any(agency.kind in ("department", "other") for agency in found)


def _find_centre(area_code: str, on: date, among: Sequence[AgencyInfo] | None) -> AgencyInfo | None:
    near = _list_offices(on, among, kind="service_centre", area_code=area_code) if area_code else ()
    found = near or _list_offices(on, among, kind="service_centre", level="city")
    return found[0] if found else None


def _choose_reception(rule: CompetenceRule, agency: AgencyInfo | None, centre: AgencyInfo | None) -> AgencyInfo | None:
    """Police, tax and wards receive at their own counters (a ward's centre first); the rest at the city's centre."""
    if agency is None or centre is None:
        return agency or centre
    is_ward_without_centre = agency.level == "commune" and centre.level != "commune"
    return agency if rule.agency_kind in ("police", "tax") or is_ward_without_centre else centre


def _explain(
    rule: CompetenceRule, agency: AgencyInfo | None, reception: AgencyInfo | None, area_code: str, on: date
) -> str:
    because = rule.basis + (f" ({rule.legal_ref})" if rule.legal_ref else "")
    if agency is not None and because:
        return _("%(agency)s, vì %(because)s.") % {"agency": agency.name, "because": because}
    if agency is not None:
        return _("%(agency)s là cơ quan có thẩm quyền.") % {"agency": agency.name}
    if rule.level == "commune" and not area_code:
        return _("Cơ quan cấp xã nơi bạn ở; hãy chọn phường, xã để biết đúng nơi.")
    if reception is None:
        return _("Chưa xác định được cơ quan tiếp nhận; hãy gọi 1022 để được chỉ dẫn.")
    if rule.level in ("ministry", "other") and rule.agency_name:
        return _("%(reception)s tiếp nhận và chuyển hồ sơ, vì thẩm quyền giải quyết thuộc %(agency)s.") % {
            "reception": reception.name,
            "agency": rule.agency_name,
        }
    area = find_area(area_code, on=on) if area_code else None
    where = area.name if area else _("thành phố")
    return _("%(reception)s tiếp nhận, vì chưa có cơ quan giải quyết riêng tại %(where)s trong danh bạ.") % {
        "reception": reception.name,
        "where": where,
    }
