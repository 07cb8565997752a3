"""Applicants: persons and organisations, and who may act for whom. One policy for every read path."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from motcua.identity.models import Delegation, Organisation, Person
from motcua.identity.queries.principals import Principal
from motcua.identity.rules import MINORS_GROUNDS, is_minor
from motcua.identity.types import (
    DelegationGround,
    DelegationInfo,
    NotFound,
    Party,
    PartyKind,
    PartyRef,
    PersonInfo,
    UserKind,
)
from motcua.kernel.messages import N_
from motcua.outbox.public import PreparedQuery

_PERSONS = PreparedQuery(lambda: Person.objects.filter(pk=-1), -1)


def to_person_info(person: Person) -> PersonInfo:
    return PersonInfo(
        id=person.pk,
        uuid=person.uuid,
        personal_id=person.personal_id,
        full_name=person.full_name,
        birth_on=person.birth_on,
        sex=person.sex,
        phone=person.phone,
        email=person.email,
        address=person.address,
        area_code=person.area_code,
        user_id=person.user_id,
    )


def to_party(row: Person | Organisation) -> Party:
    is_person = isinstance(row, Person)
    return Party(
        ref=PartyRef(PartyKind.PERSON if is_person else PartyKind.ORGANISATION, row.pk),
        uuid=row.uuid,
        name=row.full_name if isinstance(row, Person) else row.name,
        identifier=(row.personal_id or "") if isinstance(row, Person) else row.tax_code,
        address=row.address,
        area_code=row.area_code,
        phone=row.phone,
        email=row.email,
    )


def get_person(person_id: int) -> PersonInfo:
    """Return the person. Raises: NotFound."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise _person_not_found()
    return to_person_info(person)


def get_person_by_uuid(person_uuid: UUID) -> PersonInfo:
    """Return the person with this outside identifier. Raises: NotFound."""
    person = Person.objects.filter(uuid=person_uuid).first()
    if person is None:
        raise _person_not_found()
    return to_person_info(person)


def find_person_by_personal_id(personal_id: str) -> PersonInfo | None:
    """Return the person with this personal id, or None."""
    person = Person.objects.filter(personal_id=personal_id).first()
    return None if person is None else to_person_info(person)


def find_organisation_by_tax_code(tax_code: str) -> Party | None:
    """Return the organisation with this tax code, or None."""
    organisation = Organisation.objects.filter(tax_code=tax_code).first()
    return None if organisation is None else to_party(organisation)


def get_party(ref: PartyRef) -> Party:
    """Return the person or organisation. Raises: NotFound."""
    party = _find_person_party(ref.id) if ref.kind == PartyKind.PERSON else get_parties([ref]).get(ref)
    if party is None:
        raise NotFound("identity.party_not_found", N_("Không tìm thấy người hoặc tổ chức này. Hãy kiểm tra lại hồ sơ."))
    return party


def _find_person_party(person_id: int) -> Party | None:
    return next((to_party(row) for row in _PERSONS.read(person_id)), None)


def get_parties(refs: Iterable[PartyRef]) -> dict[PartyRef, Party]:
    """Return those of the parties that exist, with at most two queries whatever their number."""
    asked = set(refs)
    persons = {ref.id for ref in asked if ref.kind == PartyKind.PERSON}
    organisations = {ref.id for ref in asked if ref.kind == PartyKind.ORGANISATION}
    found: list[Party] = []
    if persons:
        found += [to_party(row) for row in Person.objects.filter(pk__in=persons).order_by("pk")]
    if organisations:
        found += [to_party(row) for row in Organisation.objects.filter(pk__in=organisations).order_by("pk")]
    return {party.ref: party for party in found}


def list_representable_parties(principal: Principal, *, on: date) -> tuple[Party, ...]:
    """Return for whom the resident may act on the day: herself first, then people, then organisations, by name.

    Empty for officials: they act for an applicant at the counter by their role, not by delegation.
    """
    if principal.kind != UserKind.RESIDENT or principal.person_id is None:
        return ()
    me = Person.objects.get(pk=principal.person_id)
    delegations = _delegations_held(principal.person_id, on=on)
    organisations = Organisation.objects.filter(_represented_by(principal.person_id, delegations))
    people = {d.grantor_person.pk: d.grantor_person for d in delegations if d.grantor_person is not None}
    return (
        to_party(me),
        *(to_party(row) for row in sorted(people.values(), key=lambda row: row.sort_key)),
        *(to_party(row) for row in organisations.order_by("name_folded", "pk")),
    )


def list_data_parties(principal: Principal, *, on: date) -> tuple[Party, ...]:
    """Return whose data the resident may see on the day: her own, her wards', and of the firms she is the head of.

    Narrower than for whom she may act: who was authorised to file a dossier may not read a life.
    Source: Code 91/2015/QH13, Art. 136; in force 2017-01-01.
    """
    if principal.kind != UserKind.RESIDENT or principal.person_id is None:
        return ()
    me = Person.objects.get(pk=principal.person_id)
    held = [row for row in _delegations_held(principal.person_id, on=on) if row.ground in MINORS_GROUNDS]
    wards = {row.grantor_person.pk: row.grantor_person for row in held if row.grantor_person is not None}
    firms = Organisation.objects.filter(legal_representative_id=principal.person_id)
    return (
        to_party(me),
        *(to_party(row) for row in sorted(wards.values(), key=lambda row: row.sort_key)),
        *(to_party(row) for row in firms.order_by("name_folded", "pk")),
    )


def can_represent(principal: Principal, ref: PartyRef, on: date) -> bool:
    """Say whether the resident may act for this party on the day."""
    if principal.kind != UserKind.RESIDENT or principal.person_id is None:
        return False
    if ref == PartyRef(PartyKind.PERSON, principal.person_id):
        return True
    delegations = _delegations_held(principal.person_id, on=on)
    if ref.kind == PartyKind.PERSON:
        return any(d.grantor_person_id == ref.id for d in delegations)
    return Organisation.objects.filter(_represented_by(principal.person_id, delegations), pk=ref.id).exists()


def list_delegations_from(ref: PartyRef, *, on: date) -> tuple[DelegationInfo, ...]:
    """Return the delegations that this party gave and that hold on the day."""
    field = "grantor_person_id" if ref.kind == PartyKind.PERSON else "grantor_organisation_id"
    rows = _valid_delegations(on).filter(**{field: ref.id}).order_by("valid_from", "pk")
    return tuple(to_delegation_info(row) for row in rows if _holds(row, on=on))


def to_delegation_info(row: Delegation) -> DelegationInfo:
    if row.grantor_person_id is not None:
        grantor = PartyRef(PartyKind.PERSON, row.grantor_person_id)
    else:
        assert row.grantor_organisation_id is not None
        grantor = PartyRef(PartyKind.ORGANISATION, row.grantor_organisation_id)
    return DelegationInfo(
        uuid=row.uuid,
        grantor=grantor,
        delegate_person_id=row.delegate_id,
        scope=row.scope,
        ground=row.ground,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        revoked_at=row.revoked_at,
    )


def _valid_delegations(on: date) -> QuerySet[Delegation]:
    return Delegation.objects.select_related("grantor_person").filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), revoked_at__isnull=True, valid_from__lte=on
    )


def _delegations_held(person_id: int, *, on: date) -> list[Delegation]:
    rows = _valid_delegations(on).filter(delegate_id=person_id).order_by("pk")
    return [row for row in rows if _holds(row, on=on)]


def _holds(row: Delegation, *, on: date) -> bool:
    """A parent's right ends when the child is of age, whatever date was written down."""
    if row.ground != DelegationGround.PARENT or row.grantor_person is None:
        return True
    return is_minor(row.grantor_person.birth_on, on=on)


def _represented_by(person_id: int, delegations: list[Delegation]) -> Q:
    by_delegation = [d.grantor_organisation_id for d in delegations if d.grantor_organisation_id is not None]
    return Q(legal_representative_id=person_id) | Q(pk__in=by_delegation)


def _person_not_found() -> NotFound:
    return NotFound("identity.person_not_found", N_("Không tìm thấy người này. Hãy kiểm tra lại thông tin."))
