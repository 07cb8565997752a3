"""Whom one can sign in as, in the demonstration."""

from __future__ import annotations

from datetime import date

from motcua.identity.models import Person, RoleGrant, User
from motcua.identity.queries.officials import valid_on
from motcua.identity.queries.parties import to_person_info
from motcua.identity.types import Grant, OfficialInfo, PersonInfo, UserKind
from motcua.kernel.paging import PAGE_SIZE, Page, make_page, page_window
from motcua.kernel.text import fold

COUNT_CAP = 200


def list_demo_residents(text: str, *, page: int) -> Page[PersonInfo]:
    """Return people with a personal number whose name has the words, in Vietnamese order of names; two queries."""
    people = Person.objects.filter(personal_id__isnull=False).order_by("sort_key", "pk")
    for word in fold(text).split():
        people = people.filter(name_folded__contains=word)
    start, stop = page_window(page)
    total = people[: COUNT_CAP + 1].count()
    return make_page(list(people[start:stop]), number=page, total=total, cap=COUNT_CAP).map(to_person_info)


def list_demo_officials(text: str, *, page: int, on: date) -> Page[OfficialInfo]:
    """Return active officials whose name or user name has the words, with today's roles; two queries."""
    words = fold(text).split()
    rows = User.objects.filter(kind=UserKind.OFFICIAL, is_active=True).order_by("full_name", "pk")
    users = [user for user in rows if all(word in fold(f"{user.full_name} {user.username}") for word in words)]
    start, stop = page_window(page)
    shown = users[start:stop]
    grants: dict[int, list[Grant]] = {user.pk: [] for user in shown}
    for row in RoleGrant.objects.filter(valid_on(on), user_id__in=grants).order_by("agency_id", "role"):
        grants[row.user_id].append(Grant(row.role, row.agency_id))
    infos = [OfficialInfo(u.pk, u.uuid, u.username, u.full_name, tuple(grants[u.pk])) for u in shown]
    return make_page(infos, number=page, total=len(users), size=PAGE_SIZE)
