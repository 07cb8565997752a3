"""`motcua link people --apply` on a live register: proposals, a steward's word, the golden record, two again."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from motcua.identity.tests.factories import make_official, sign_in
from motcua.kernel import clock
from motcua.linkage.models import LinkPair, LinkRun, Standing
from motcua.linkage.tests.factories import make_record
from motcua.places.tests.factories import make_agency
from motcua.registers.public import Wanted, find_records, iterate_current
from motcua.registers.tests.factories import describe

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NEW, OLD, TWIN = "079190000011", "023456781", "079185000021"
HOME = {"area_code": "26743", "address": "12 Đường Thử"}


def _link(*options: str) -> str:
    out = StringIO()
    call_command("link", "people", *options, memory=1, threads=1, report=True, stdout=out)
    return out.getvalue()


def _fill() -> None:
    """A person twice, surely; one twice, with day and month swapped; twins of one household; one alone."""
    describe()
    one = {"birth_on": "1990-05-17", "sex": "female", "phone": "0912345678", **HOME}
    make_record(NEW, "Lê Thị Hoà Thử", **one)
    make_record("", "LE THI HOA THU", **one | {"old_id": OLD, "address": "Số 12 đường Thử"})
    make_record(TWIN, "Phạm Văn Đổi Thử", birth_on="1985-03-07", sex="male", area_code="26740")
    make_record("", "Phạm Văn Đổi Thử", birth_on="1985-07-03", old_id="023456799")
    for number, name in (("079205000031", "Trần Gia An"), ("079205000032", "Trần Gia Bảo")):
        make_record(number, name, birth_on="2005-09-09", sex="male", phone="0987654321", **HOME)
    make_record("079150000041", "Võ Thị Một Mình", birth_on="1950-12-31", sex="female")


def _standing() -> dict[str, UUID]:
    """Return which record answers for each number now."""
    keys = [("personal_id", NEW), ("old_id", OLD), ("personal_id", TWIN), ("old_id", "023456799")]
    wanted = {value: Wanted(register="people", key=name, value=value) for name, value in keys}
    found = find_records(list(wanted.values()), at=clock.now() + timedelta(hours=1))
    return {value: found[each].uuid for value, each in wanted.items()}


def _count() -> int:
    return sum(1 for _ in iterate_current("people", now=clock.now() + timedelta(hours=1)))


def _steward() -> Client:
    client = Client()
    sign_in(client, make_official("data_steward", agency_id=make_agency().id).user_id)
    return client


def _post(client: Client, name: str, row: LinkPair, **said: str) -> Any:
    row.refresh_from_db()
    return client.post(reverse(f"linkage:{name}", args=[row.uuid]), {"lan": row.version, **said}, follow=True)


def test_a_live_register_is_linked_judged_and_taken_apart_again() -> None:
    _fill()
    apart, before = _standing(), _count()
    assert "chưa gộp gì" in _link()
    assert (_standing(), _count()) == (apart, before)  # without --apply nothing is merged
    said = _link("--apply")
    assert "đã gộp 1 cặp" in said
    joined = _standing()
    assert joined[NEW] == joined[OLD] and joined[TWIN] != joined["023456799"] and _count() == before - 1
    sure, doubtful = LinkPair.objects.get(state="linked"), LinkPair.objects.get(levels__birth="swapped")
    twins = LinkPair.objects.get(levels__id="slip")
    assert {doubtful.left_uuid, doubtful.right_uuid} == {apart[TWIN], apart["023456799"]}
    assert (doubtful.state, twins.state, twins.is_sure) == ("waiting", "waiting", False)  # whatever the twins weigh
    assert LinkRun.objects.count() == 2

    client = _steward()
    queue = client.get(reverse("linkage:queue")).content.decode()
    assert str(doubtful.uuid) in queue and str(sure.uuid) not in queue
    assert "không phải một người" in _post(client, "pair", twins, noi="different").content.decode()
    assert "cùng một người" in _post(client, "pair", doubtful, noi="same").content.decode()
    assert len(set(_standing().values())) == 2
    person = client.get(reverse("linkage:person", args=[apart[OLD]])).content.decode()
    assert "Lê Thị Hoà Thử" in person and OLD in person and NEW in person  # each value from where it is known

    for row in (doubtful, sure):
        assert "Đã tách" in _post(client, "unlink", row, **{"ly-do": "Hai người khác nhau"}).content.decode()
    assert (_standing(), _count()) == (apart, before)
    assert not Standing.objects.exists()
    with connection.cursor() as cursor:  # both merges are remembered, and that they were undone
        cursor.execute("SELECT count(*), count(undone_at), count(undone_by) FROM registers_merge")
        assert cursor.fetchone() == (2, 2, 2)
    assert "đã gộp 0 cặp" in _link("--apply")  # what a steward has said binds
    assert (_standing(), _count()) == (apart, before)
