"""Which groups of the law of fees an applicant belongs to, proved by registers; nobody brings a paper.

Only groups that could take this fee down are asked about; each reading is noted with its purpose and ground, and the
person sees it. A register that is down proves nothing: the fee is asked in full, and what is proved later comes off.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from motcua.audit.public import SYSTEM
from motcua.exchange.public import list_closed_registers
from motcua.identity.public import Party
from motcua.kernel.clock import local_date
from motcua.kernel.errors import DomainError
from motcua.procedures.public import (
    Channel,
    Fee,
    ProcedureDetail,
    compute_fee,
    groups_by_age,
    groups_by_statuses,
    list_asked_groups,
)
from motcua.registers.public import Reading, RecordInfo, Wanted, read_linked, read_records

PEOPLE, STATUSES = "people", "social_allowances"
BY_AGE = frozenset({"child", "elderly"})
OF_HOUSEHOLD = frozenset({"poor_household", "near_poor"})  # one member's record stands for all
READING = Reading(
    actor=SYSTEM,
    purpose="Xét miễn, giảm phí, lệ phí của hồ sơ",
    legal_ground="Luật Phí và lệ phí 97/2015/QH13, Điều 10",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupProof:
    """What proves that somebody belongs to a group: a record, as it was read."""

    group: str
    register: str
    record_uuid: str
    sha256: str
    read_on: date

    @property
    def says(self) -> str:
        name = {PEOPLE: "Dữ liệu dân cư", STATUSES: "Sổ đối tượng và trợ cấp xã hội"}[self.register]
        return f"{name}, đọc ngày {self.read_on:%d/%m/%Y}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedGroups:
    """`is_unchecked`: a register that may know more was down."""

    proofs: Mapping[str, GroupProof] = field(default_factory=dict)
    is_unchecked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedFee:
    """What a filing costs, and what proved that it costs less."""

    fee: Fee
    groups: ProvedGroups = field(default_factory=ProvedGroups)


def compute_proved_fee(
    version: ProcedureDetail,
    *,
    channel: Channel,
    applicant_kind: Literal["person", "organisation"],
    copies: int,
    answers: Mapping[str, Any],
    party: Party | None,
    now: datetime,
) -> ProvedFee:
    """Return what a filing costs now. Registers are read only when the law may take something off this very fee."""
    on = local_date(now)

    def compute(groups: Collection[str]) -> Fee:
        return compute_fee(
            version,
            channel=channel,
            applicant_kind=applicant_kind,
            on=on,
            copies=copies,
            answers=answers,
            groups=groups,
        )

    fee = compute(())
    proved = prove_groups(party, list_asked_groups(version, fee, on=on), now=now)
    return ProvedFee(fee=compute(proved.proofs) if proved.proofs else fee, groups=proved)


def dump_fee(proved: ProvedFee) -> dict[str, Any]:
    """Return the fee as a dossier keeps it: its lines with their articles, and what proved an exemption."""
    proofs = proved.groups.proofs
    lines = [
        asdict(line) | {"proof": proofs[line.waived_group].says if line.waived_group in proofs else ""}
        for line in proved.fee.lines
    ]
    return {"lines": lines, "is_unchecked": proved.groups.is_unchecked}


def prove_groups(party: Party | None, wanted: Collection[str], *, now: datetime) -> ProvedGroups:
    """Return which of these groups the applicant belongs to now, each with its proof. A firm belongs to none."""
    personal_id = (party.identifier or "") if party is not None and party.ref.kind == "person" else ""
    if not personal_id or not wanted:
        return ProvedGroups()
    needed = {PEOPLE, STATUSES} if set(wanted) - BY_AGE else {PEOPLE}
    if needed & list_closed_registers(now=now):
        return ProvedGroups(is_unchecked=True)
    try:
        person, statuses = _read(personal_id, wanted, now)
    except DomainError:  # a reading that is refused or fails proves nothing, and never stops a filing
        return ProvedGroups(is_unchecked=True)
    return ProvedGroups(proofs=_judge(person, statuses, personal_id, wanted, local_date(now)))


def _read(personal_id: str, wanted: Collection[str], now: datetime) -> tuple[RecordInfo | None, tuple[RecordInfo, ...]]:
    fields = tuple(
        name for name, groups in (("birth_on", BY_AGE), ("household_no", OF_HOUSEHOLD)) if groups & set(wanted)
    )
    asked = Wanted(register=PEOPLE, key="personal_id", value=personal_id, fields=fields or ("birth_on",))
    person = read_records([asked], reading=READING, now=now).get(asked) if fields else None
    if not set(wanted) - BY_AGE:
        return person, ()
    links = [Wanted(register=STATUSES, key="person", value=personal_id)]
    household = str(person.data.get("household_no") or "") if person is not None else ""
    if household:
        links.append(Wanted(register=STATUSES, key="household", value=household))
    found = read_linked(links, reading=READING, now=now)
    return person, tuple(record for link in links for record in found.get(link, ()))


def _judge(
    person: RecordInfo | None,
    statuses: tuple[RecordInfo, ...],
    personal_id: str,
    wanted: Collection[str],
    on: date,
) -> dict[str, GroupProof]:
    proofs: dict[str, GroupProof] = {}
    for record in statuses:
        is_own = record.data.get("personal_id") == personal_id
        period = (str(record.data.get("category")), _day(record.data.get("from_on")), _day(record.data.get("to_on")))
        for group in groups_by_statuses([period], on=on):
            if group in wanted and (is_own or group in OF_HOUSEHOLD):
                proofs.setdefault(group, _proof(group, STATUSES, record, on))
    born = _day(person.data.get("birth_on")) if person is not None else None
    if person is not None and born is not None:
        for group in groups_by_age(born, on=on) & set(wanted):
            proofs.setdefault(group, _proof(group, PEOPLE, person, on))
    return proofs


def _proof(group: str, register: str, record: RecordInfo, on: date) -> GroupProof:
    return GroupProof(
        group=group, register=register, record_uuid=str(record.uuid), sha256=record.slice.sha256, read_on=on
    )


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
