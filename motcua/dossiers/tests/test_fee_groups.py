"""Who is exempt is proved by registers: no paper, no reading too many, nothing lost when a register is down."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from motcua.audit.public import list_reads_of
from motcua.dossiers.actions.charging import ensure_charge, recheck_exemptions
from motcua.dossiers.models import Dossier
from motcua.dossiers.queries import fee_groups
from motcua.dossiers.queries.fee_groups import ProvedGroups, compute_proved_fee, dump_fee, prove_groups
from motcua.dossiers.tests.factories import City, file_dossier
from motcua.identity.public import Party, PartyRef, get_party
from motcua.identity.tests.factories import make_organisation, make_person
from motcua.kernel import clock
from motcua.payments.public import get_charge
from motcua.procedures.public import find_procedure, load_designed_procedures
from motcua.registers.public import Wanted, find_records, write_record
from motcua.registers.tests.factories import describe

pytestmark = pytest.mark.django_db
ALL = frozenset({"poor_household", "near_poor", "disabled", "elderly", "merit", "child", "orphan"})


def _write(register: str, content: dict[str, Any]) -> None:
    write_record(register, content, source="thử", actor="thử", valid_from=clock.now(), now=clock.now())


def _party(**values: Any) -> Party:
    person = make_person(**values)
    return get_party(PartyRef("person", person.id))


def _record(party: Party, *, birth_on: str = "1990-05-17", household_no: str = "H1") -> None:
    describe()
    _write(
        "people",
        {"personal_id": party.identifier, "full_name": party.name, "birth_on": birth_on, "household_no": household_no},
    )


def _status(personal_id: str | None, category: str, **more: str) -> None:
    content = {"personal_id": personal_id, "full_name": "Nguyễn Thị Thử", "category": category} | more
    _write("social_allowances", {"from_on": "2020-01-01"} | content)


@pytest.mark.slow
def test_a_status_of_ones_own_and_the_poverty_of_the_household_are_proved() -> None:
    party, head = _party(), _party()
    _record(party)
    _status(party.identifier, "disabled")
    _status(head.identifier, "poor_household", household_no="H1")
    _status(head.identifier, "merit", household_no="H1")  # another's merit is another's
    _status(party.identifier, "orphan", to_on="2021-01-01")  # ended
    proofs = prove_groups(party, ALL, now=clock.now()).proofs
    assert set(proofs) == {"disabled", "poor_household"}
    assert proofs["disabled"].sha256 and "Sổ đối tượng" in proofs["disabled"].says


@pytest.mark.parametrize(
    ("born", "groups"), [("2020-01-01", {"child"}), ("1950-01-01", {"elderly"}), ("1990-01-01", set())]
)
def test_age_is_proved_by_the_birth_date_that_the_register_keeps(born: str, groups: set[str]) -> None:
    party = _party()
    _record(party, birth_on=born)
    assert set(prove_groups(party, ALL, now=clock.now()).proofs) == groups


def test_only_what_may_take_the_fee_down_is_read_and_a_firm_belongs_to_nobody() -> None:
    party = _party()
    _record(party, birth_on="1950-01-01")
    (record,) = find_records(
        [Wanted(register="people", key="personal_id", value=party.identifier or "")], at=clock.now()
    ).values()
    assert not prove_groups(party, (), now=clock.now()).proofs
    assert not prove_groups(None, ALL, now=clock.now()).proofs
    assert not prove_groups(make_organisation(), ALL, now=clock.now()).proofs
    assert not list_reads_of(f"record:{record.uuid}").items
    assert set(prove_groups(party, {"elderly"}, now=clock.now()).proofs) == {"elderly"}
    assert len(list_reads_of(f"record:{record.uuid}").items) == 1


@pytest.mark.slow
def test_the_fee_of_a_designed_procedure_falls_to_zero_by_what_the_register_says() -> None:
    load_designed_procedures(now=clock.now())
    version = find_procedure("1.004222", on=date(2026, 11, 22))
    assert version is not None
    party = _party()
    _record(party)
    for amount in (20_000, 0):
        proved = compute_proved_fee(
            version,
            channel="in_person",
            applicant_kind="person",
            copies=1,
            answers={"birth_on": "1990-05-17"},
            party=party,
            now=clock.now(),
        )
        assert proved.fee.amount_vnd == amount
        _status(party.identifier, "merit")
    (line,) = dump_fee(proved)["lines"]
    assert (line["by_law_vnd"], line["waived_by"], line["waived_group"]) == (20_000, "statute", "merit")
    assert line["proof"].startswith("Sổ đối tượng") and "Điều 4" in line["waived_ref"]


def test_a_dossier_owes_by_law_what_is_waived_with_its_article_and_proof(city: City) -> None:
    filed = file_dossier(city)
    lines = [
        {"label": "Lệ phí", "amount_vnd": 0, "legal_ref": "Biểu phí", "text": "", "by_law_vnd": 8_000,
         "waived_by": "statute", "waived_text": "Hộ nghèo", "waived_ref": "Luật", "waived_group": "poor_household",
         "proof": "Sổ"},
    ]  # fmt: skip
    Dossier.objects.filter(case_id=filed.case_id).update(fee_vnd=0, fee_lines={"lines": lines, "is_unchecked": False})
    charge = ensure_charge(filed.case_id, now=clock.now())
    assert charge is not None and (charge.gross_vnd, charge.waived_vnd, charge.due_vnd) == (8_000, 8_000, 0)
    (line,) = charge.lines
    assert (line.legal_ref, line.waived_legal_ref, line.waived_by, line.proof) == ("Biểu phí", "Luật", "statute", "Sổ")


@pytest.mark.slow
def test_a_register_that_is_down_asks_the_fee_in_full_and_takes_it_off_later(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    party = _party()
    monkeypatch.setattr(fee_groups, "list_closed_registers", lambda *, now: frozenset({"people"}))
    assert prove_groups(party, ALL, now=clock.now()) == ProvedGroups(is_unchecked=True)
    monkeypatch.undo()
    filed = file_dossier(city)
    unchecked = {"lines": [], "is_unchecked": True}
    Dossier.objects.filter(case_id=filed.case_id).update(fee_vnd=8_000, fee_lines=unchecked)
    charge = ensure_charge(filed.case_id, now=clock.now())
    assert charge is not None and charge.due_vnd == 8_000
    assert recheck_exemptions(now=clock.now()) == 1  # by the table and the city this filing costs nothing at all
    assert recheck_exemptions(now=clock.now()) == 0
    assert get_charge(charge.uuid).due_vnd == 0
