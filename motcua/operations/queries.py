"""Which procedures could be received today, and what is missing for the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from motcua.documents.public import KeyKeeperAway, find_signing_key, make_official_code
from motcua.identity.public import Role, list_officials
from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_, Message
from motcua.operations.rules import judge_key
from motcua.operations.types import OwnHand, Readiness, SigningHand, Unready
from motcua.places.public import AgencyInfo, get_agencies, list_agencies, list_wards
from motcua.procedures.public import CompetenceRule, find_reception, list_filing_rules

CENTRE = N_("mở một cơ quan loại “Trung tâm phục vụ hành chính công”, cấp thành phố: nơi đó tiếp nhận mọi thủ tục")


def find_readiness(*, on: date) -> Readiness:
    """Ask for every procedure whether an online filing of the day would find an office that receives it."""
    rules = list_filing_rules(on=on)
    offices = list_agencies(on=on)
    groups = _group_wards(offices, on=on)
    asked = {row.rule: _whom(row.rule) for row in rules if row.is_fileable}
    counts = {whom: _count_missing(whom, groups, offices, on=on) for whom in set(asked.values())}
    missing = {rule: counts[whom] for rule, whom in asked.items()}
    unready = tuple(
        Unready(
            code=row.code,
            name=row.name,
            reason=_explain(row.rule, missing[row.rule], sum(groups.values())),
            remedy=_advise(row.rule),
            wards_missing=0 if row.rule.level != "commune" else missing[row.rule],
        )
        for row in rules
        if row.is_fileable and missing[row.rule]
    )
    listed = sum(not row.is_fileable for row in rules)
    return Readiness(total=len(rules), listed_only=listed, wards=sum(groups.values()), unready=unready)


def _whom(rule: CompetenceRule) -> CompetenceRule:
    """Leave of a rule what chooses the office: a hundred procedures with other articles of law ask the same."""
    return replace(rule, area_from="applicant", basis="", legal_ref="", mark="sure")


def _group_wards(offices: Sequence[AgencyInfo], *, on: date) -> dict[str, int]:
    """Return one ward for each distinct set of offices that wards have, with how many wards it stands for."""
    kinds: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for agency in offices:
        kinds[agency.area_code].add((agency.kind, agency.level))
    groups: dict[frozenset[tuple[str, str]], list[str]] = defaultdict(list)
    for ward in list_wards(on=on):
        groups[frozenset(kinds[ward.code])].append(ward.code)
    return {codes[0]: len(codes) for codes in groups.values()}


def _count_missing(rule: CompetenceRule, groups: dict[str, int], offices: Sequence[AgencyInfo], *, on: date) -> int:
    """Return for how many wards nobody would receive it; 1 for a rule that asks no ward and finds nobody."""
    if rule.level != "commune":
        return int(find_reception(rule, area_code="", on=on, among=offices) is None)
    return sum(
        count for ward, count in groups.items() if find_reception(rule, area_code=ward, on=on, among=offices) is None
    )


def _explain(rule: CompetenceRule, missing: int, wards: int) -> Message:
    if rule.level == "commune":
        return N_("%(missing)s trên %(wards)s phường, xã chưa có cơ quan tiếp nhận.", missing=missing, wards=wards)
    if rule.agency_name:
        return N_("Danh bạ chưa có “%(agency)s” và chưa có trung tâm tiếp nhận.", agency=rule.agency_name)
    return N_("Dữ liệu chưa nêu cơ quan thực hiện và chưa có trung tâm tiếp nhận.")


def _advise(rule: CompetenceRule) -> Message:
    if rule.level == "commune":
        return N_("Mở Ủy ban nhân dân hoặc công an, thuế của các phường, xã ấy; hoặc %(centre)s.", centre=CENTRE)
    if rule.level == "city" and rule.agency_name:
        return N_("Mở cơ quan “%(agency)s”, cấp thành phố; hoặc %(centre)s.", agency=rule.agency_name, centre=CENTRE)
    return N_("Hãy %(centre)s.", centre=CENTRE)


def list_signing_hands(agency: AgencyInfo, *, now: datetime) -> tuple[SigningHand, ...]:
    """Return who signs for an office today, the office first, each with the key that is known."""
    leaders = list_officials(agency.id, Role.LEADER, on=local_date(now))
    people = {make_official_code(agency.code, leader.user_id): leader.full_name for leader in leaders}
    return tuple(_find_hand(code, person, now=now) for code, person in ({agency.code: ""} | people).items())


def list_own_hands(account_id: int, full_name: str, agency_ids: Iterable[int], *, now: datetime) -> tuple[OwnHand, ...]:
    """Return the keys that sign in an official's own name, one for each office that he leads."""
    offices = get_agencies(agency_ids).values()
    return tuple(
        OwnHand(office.name, _find_hand(make_official_code(office.code, account_id), full_name, now=now))
        for office in sorted(offices, key=lambda office: office.name)
    )


def _find_hand(code: str, person: str, *, now: datetime) -> SigningHand:
    try:
        key = find_signing_key(code)
    except KeyKeeperAway:
        return SigningHand(code, person, "away")
    if key is None:
        return SigningHand(code, person, "none")
    return SigningHand(
        code,
        person,
        judge_key(valid_to=key.valid_to, is_revoked=key.is_revoked, now=now),
        valid_from=key.valid_from,
        valid_to=key.valid_to,
        issuer=key.issuer,
        certificate_sha256=key.certificate_sha256,
    )
