"""A request that another front door received first: its clock starts there, and its code there finds it here."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from motcua.cases.queries.inbox import list_inbox
from motcua.cases.queries.reads import find_case_by_code
from motcua.cases.tests.factories import MONDAY, make_case, make_office, principal_of
from motcua.cases.types import InboxFilter

pytestmark = pytest.mark.django_db
CODE = "G22.99-260302-0007"


def test_the_clock_starts_when_the_other_door_received_it() -> None:
    office = make_office()
    late = make_case(office.agency.id, now=MONDAY + timedelta(days=1), received_at=MONDAY, origin_code=CODE)
    ours = make_case(office.agency.id, now=MONDAY)
    assert late.due_at == ours.due_at and late.opened_at == MONDAY + timedelta(days=1)
    future = make_case(office.agency.id, now=MONDAY, received_at=MONDAY + timedelta(days=9))
    assert future.due_at == ours.due_at  # nobody receives tomorrow


def test_both_codes_find_it_and_each_names_one_case_only() -> None:
    office = make_office()
    case = make_case(office.agency.id, origin_code=CODE, channel="national")
    make_case(office.agency.id)
    for code in (case.code, CODE):
        found = find_case_by_code(code)
        assert found is not None and found.id == case.id and found.origin_code == CODE
        rows = list_inbox(principal_of(office.counter), filter=InboxFilter(text=code), page=1, now=MONDAY).items
        assert [row.case_id for row in rows] == [case.id]
    with pytest.raises(IntegrityError), transaction.atomic():
        make_case(office.agency.id, origin_code=CODE)
