"""Stewards' words through the real database: joined, undone exactly, bound to who may see what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from motcua.audit.public import Actor
from motcua.identity.tests.factories import make_official, sign_in
from motcua.linkage.actions.judging import apply_links, judge_pair, unlink_pair
from motcua.linkage.models import LinkPair, Standing, Verdict
from motcua.linkage.queries.pairs import find_next_pair, get_pair, list_decided, list_pairs
from motcua.linkage.tests.factories import make_pair, make_record
from motcua.linkage.types import PairChanged, PairNotFound, VerdictRefused
from motcua.places.tests.factories import make_agency
from motcua.registers.public import Wanted, assign_owner, find_records
from motcua.registers.tests.factories import NOW, OFFICIAL, describe

pytestmark = pytest.mark.django_db
PEOPLE = ("people",)
OTHER = Actor(kind="official", id="hai", name="Người Thử Hai")


@pytest.fixture(autouse=True)
def _registers(db: None) -> None:
    describe()


def _three() -> list[UUID]:
    return [make_record(f"07919000000{number}") for number in (1, 2, 3)]


def _judge(row: LinkPair, said: str = "same", *, actor: Actor = OFFICIAL) -> str:
    row.refresh_from_db()
    return judge_pair(row.uuid, said=said, version=row.version, registers=PEOPLE, actor=actor, now=NOW)


def _unlink(row: LinkPair) -> None:
    row.refresh_from_db()
    unlink_pair(row.uuid, version=row.version, registers=PEOPLE, reason="Hai người", actor=OFFICIAL, now=NOW)


def _picture(numbers: int = 3) -> list[Any]:
    """Return what registers answer for each number, and who stands for whom."""
    later = NOW + timedelta(hours=1)
    wanted = [Wanted(register="people", key="personal_id", value=f"07919000000{n}") for n in range(1, numbers + 1)]
    found = find_records(wanted, at=later)
    with connection.cursor() as cursor:
        cursor.execute("SELECT uuid, merged_into_id FROM registers_record ORDER BY id")
        standing = cursor.fetchall()
    return [[found[each].uuid for each in wanted], [found[each].data for each in wanted], standing]


@pytest.mark.slow
def test_the_same_person_becomes_one_record_and_two_again() -> None:
    one, two, _three_ = _three()
    row, before = make_pair(one, two), _picture()
    assert _judge(row) == "linked"
    assert len(set(_picture()[0])) == 2  # two numbers lead to one record, the third to its own
    _unlink(row)
    assert _picture() == before
    assert not Standing.objects.exists()
    assert [each.said for each in get_pair(row.uuid, registers=PEOPLE).verdicts] == ["same", "unlink"]


@pytest.mark.slow
@pytest.mark.parametrize("undone", [0, 1, 2])
def test_undoing_one_link_of_three_leaves_what_the_others_say(undone: int) -> None:
    ids = _three()
    rows = [make_pair(ids[0], ids[1]), make_pair(ids[1], ids[2]), make_pair(ids[0], ids[2])]
    for row in rows:
        _judge(row)
    assert Standing.objects.count() == 2
    _unlink(rows[undone])
    assert Standing.objects.count() == 2  # the two others still join all three
    _unlink(rows[(undone + 1) % 3])
    assert Standing.objects.count() == 1
    last = rows[(undone + 2) % 3]
    assert {*Standing.objects.values_list("record_uuid", "kept_uuid").get()} == {last.left_uuid, last.right_uuid}


@pytest.mark.slow
def test_undoing_the_last_act_restores_exactly() -> None:
    ids = _three()
    _judge(make_pair(ids[0], ids[1]))
    before = _picture()
    row = make_pair(ids[1], ids[2])
    _judge(row)
    assert _picture() != before
    _unlink(row)
    assert _picture() == before


@pytest.mark.slow
def test_not_the_same_and_not_known_are_kept_and_feed_the_next_linkage() -> None:
    one, two, three = _three()
    apart, open_ = make_pair(one, two, weight=3), make_pair(two, three, weight=1)
    assert (_judge(apart, "different"), _judge(open_, "unsure")) == ("different", "unsure")
    left, right = sorted((one, two))
    assert list_decided(PEOPLE) == [("people", str(left), "people", str(right), False)]
    again = make_pair(one, two, weight=30, is_sure=True)
    assert again.state == "different"
    assert apply_links(again.run.uuid, actor=OFFICIAL, now=NOW) == 0


def test_sure_pairs_are_joined_by_the_machine_and_undone_by_a_person() -> None:
    ids = _three()
    row = make_pair(ids[0], ids[1], weight=20, is_sure=True)
    assert apply_links(row.run.uuid, actor=OFFICIAL, now=NOW) == 1
    assert apply_links(row.run.uuid, actor=OFFICIAL, now=NOW) == 0
    _unlink(row)
    assert not Standing.objects.exists()


def test_four_eyes_need_two_people(settings: Any) -> None:
    settings.LINKAGE_FOUR_EYES = True
    one, two, _rest = _three()
    row = make_pair(one, two)
    assert (_judge(row), _judge(row)) == ("waiting", "waiting")
    assert _judge(row, actor=OTHER) == "linked"


def test_four_eyes_forget_a_word_taken_back(settings: Any) -> None:
    settings.LINKAGE_FOUR_EYES = True
    one, two, _rest = _three()
    row = make_pair(one, two)
    assert (_judge(row), _judge(row, "unsure")) == ("waiting", "unsure")
    assert _judge(row, actor=OTHER) == "waiting"


@pytest.mark.slow
def test_what_cannot_be_said_is_refused() -> None:
    one, two, _rest = _three()
    row = make_pair(one, two)
    with pytest.raises(VerdictRefused):
        _judge(row, "maybe")
    with pytest.raises(VerdictRefused):
        _unlink(row)
    with pytest.raises(PairChanged):
        judge_pair(row.uuid, said="same", version=99, registers=PEOPLE, actor=OFFICIAL, now=NOW)
    with pytest.raises(PairNotFound):
        judge_pair(row.uuid, said="same", version=1, registers=("land",), actor=OFFICIAL, now=NOW)
    _judge(row)
    with pytest.raises(VerdictRefused):
        _judge(row, "different")
    row.refresh_from_db()
    with pytest.raises(VerdictRefused):
        unlink_pair(row.uuid, version=row.version, registers=PEOPLE, reason=" ", actor=OFFICIAL, now=NOW)


@pytest.mark.slow
def test_what_must_hold_is_held_by_the_database() -> None:
    one, two, _rest = _three()
    row = make_pair(one, two)
    _judge(row, "unsure")
    for change in (
        lambda: Verdict.objects.update(said="same"),
        lambda: Verdict.objects.all().delete(),
        lambda: LinkPair.objects.filter(pk=row.pk).update(state="khac"),
        lambda: LinkPair.objects.filter(pk=row.pk).update(left_uuid=row.right_uuid),
        lambda: Standing.objects.create(record_uuid=one, kept_uuid=one, merge_uuid=two),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def _steward(agency_id: int) -> Client:
    client = Client()
    sign_in(client, make_official("data_steward", agency_id=agency_id).user_id)
    return client


@pytest.mark.slow
def test_a_steward_judges_on_screen_and_the_next_pair_comes() -> None:
    one, two, three = _three()
    first, second = make_pair(one, two, weight=3), make_pair(two, three, weight=1)
    client = _steward(make_agency().id)
    queue = client.get(reverse("linkage:queue")).content.decode()
    assert queue.index(str(first.uuid)) < queue.index(str(second.uuid))
    assert "Hạnh" not in queue  # no personal data in the list
    address = reverse("linkage:pair", args=[first.uuid])
    page = client.get(address).content.decode()
    assert "079190000001" in page
    assert "ngày và tháng đổi chỗ" in page
    answer = client.post(address, {"noi": "same", "lan": "1"})
    assert answer["Location"] == reverse("linkage:pair", args=[second.uuid])
    person = client.get(reverse("linkage:person", args=[one])).content.decode()
    assert "Nguyễn Thị Hạnh Thử" in person
    first.refresh_from_db()
    client.post(reverse("linkage:unlink", args=[first.uuid]), {"lan": first.version, "ly-do": "Hai người khác nhau"})
    assert client.get(reverse("linkage:person", args=[one])).status_code == 404
    assert client.post(address, {"noi": "same", "lan": "1"}).status_code == 422


@pytest.mark.slow
def test_only_stewards_of_the_registers_agency_see_its_pairs() -> None:
    one, two, _rest = _three()
    row = make_pair(one, two)
    owner, stranger = make_agency(), make_agency()
    assign_owner("people", agency_id=owner.id, actor=OFFICIAL, now=NOW)
    addresses = [reverse("linkage:pair", args=[row.uuid]), reverse("linkage:person", args=[one])]
    _judge(row)
    for client, expected in ((_steward(owner.id), 200), (_steward(stranger.id), 404)):
        for address in addresses:
            assert client.get(address).status_code == expected
        assert (str(row.uuid) in client.get(reverse("linkage:queue"), {"loai": "linked"}).content.decode()) == (
            expected == 200
        )
    leader = Client()
    sign_in(leader, make_official("leader", agency_id=owner.id).user_id)
    for address in (*addresses, reverse("linkage:queue")):
        assert leader.get(address).status_code == 403
        assert Client().get(address).status_code == 302
    assert find_next_pair(registers=("land",)) is None


@pytest.mark.slow
def test_the_queue_costs_the_same_whatever_its_length(django_assert_num_queries: Any) -> None:
    ids = [make_record(f"0791900001{number:02d}") for number in range(6)]
    for other in ids[1:]:
        make_pair(ids[0], other)
        with django_assert_num_queries(2):
            list_pairs("waiting", registers=PEOPLE)
