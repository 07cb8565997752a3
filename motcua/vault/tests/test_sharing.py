"""Lending by link: for whom it is, as long and as often as was said; an end is an end in every order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.audit.public import SYSTEM, list_reads_of
from motcua.identity.tests.factories import make_official, make_person, make_principal, make_resident
from motcua.places.tests.factories import make_agency
from motcua.vault.models import Share, ShareOpening
from motcua.vault.public import (
    CodeWrong,
    PaperRefused,
    ShareUnknown,
    ShareWish,
    find_offer,
    list_openings,
    list_shares,
    open_shared,
    revoke_share,
    share_paper,
)
from motcua.vault.rules.sharing import CODE_SIGNS, make_code, normalise_code, state_of
from motcua.vault.tests.factories import NOW, PLAIN, put_paper

WEEK = NOW + timedelta(days=7)


def wish(kind: str = "code", recipient: str = "Ngân hàng Thử", **values: Any) -> ShareWish:
    given_values: dict[str, Any] = {"purpose": "Làm hồ sơ vay", "ends_at": WEEK, "max_openings": 3, **values}
    return ShareWish(recipient_kind=kind, recipient=recipient, **given_values)


@pytest.mark.django_db
class TestLending:
    def test_link_and_code_open_the_paper_and_are_not_kept(self) -> None:
        owner = make_person()
        made = share_paper(put_paper(owner.ref).uuid, wish=wish(), actor=SYSTEM, now=NOW)
        row = Share.objects.get()
        assert made.token not in (row.token_hash, row.code_hash) and len(made.token) >= 43
        assert made.code.replace("-", "") not in row.code_hash.upper()
        opened = open_shared(made.token, principal=None, code=made.code.lower().replace("-", " "), now=NOW)
        assert opened.content == PLAIN and opened.title == "Giấy khai sinh của Nguyễn Thị Thử"
        assert [(entry.who, entry.outcome) for entry in list_openings(made.share.paper_uuid)] == [
            ("Ngân hàng Thử", "opened")
        ]
        assert [read.purpose for read in list_reads_of(f"person:{owner.uuid}").items] == ["Làm hồ sơ vay"]

    def test_five_wrong_codes_lock_the_link(self) -> None:
        made = share_paper(put_paper(make_person().ref).uuid, wish=wish(), actor=SYSTEM, now=NOW)
        for _turn in range(4):
            with pytest.raises(CodeWrong):
                open_shared(made.token, principal=None, code="", now=NOW)
        with pytest.raises(ShareUnknown):
            open_shared(made.token, principal=None, code="2222-2222", now=NOW)
        with pytest.raises(ShareUnknown):
            open_shared(made.token, principal=None, code=made.code, now=NOW)
        assert list_shares(made.share.paper_uuid, now=NOW)[0].state == "locked"
        assert ShareOpening.objects.filter(outcome="wrong_code").count() == 5

    def test_an_office_opens_by_its_officials_only(self) -> None:
        mine, other = make_agency(), make_agency()
        made = share_paper(put_paper(make_person().ref).uuid, wish=wish("office", mine.code), actor=SYSTEM, now=NOW)
        official = make_principal(make_official("specialist", agency_id=mine.id).user_id)
        stranger = make_principal(make_official("specialist", agency_id=other.id).user_id)
        for nobody in (None, stranger, make_principal(make_resident().user_id)):
            with pytest.raises(ShareUnknown):
                open_shared(made.token, principal=nobody, code="", now=NOW)
        assert open_shared(made.token, principal=official, code="", now=NOW).content == PLAIN
        assert [row.outcome for row in list_openings(made.share.paper_uuid)] == ["opened", *["not_for_you"] * 3]

    def test_a_person_opens_by_signing_in(self) -> None:
        friend = make_resident("Lê Văn Bạn")
        made = share_paper(
            put_paper(make_person().ref).uuid, wish=wish("person", friend.personal_id or ""), actor=SYSTEM, now=NOW
        )
        assert (friend.personal_id or "x") not in str(list(Share.objects.values()))
        with pytest.raises(ShareUnknown):
            open_shared(made.token, principal=make_principal(make_resident().user_id), code="", now=NOW)
        assert open_shared(made.token, principal=make_principal(friend.user_id), code="", now=NOW).content == PLAIN

    @pytest.mark.parametrize(
        "wrong",
        [{"purpose": " "}, {"ends_at": NOW}, {"ends_at": NOW + timedelta(days=91)}, {"max_openings": 0},
         {"max_openings": 51}, {"kind": "office", "recipient": "H99"}, {"kind": "person", "recipient": "12"},
         {"kind": "anybody"}, {"recipient": "  "}],
    )  # fmt: skip
    def test_a_wish_without_measure_is_refused(self, wrong: dict[str, Any]) -> None:
        paper = put_paper(make_person().ref)
        with pytest.raises(PaperRefused):
            share_paper(paper.uuid, wish=wish(**wrong), actor=SYSTEM, now=NOW)

    def test_a_link_that_does_not_open_looks_like_none(self) -> None:
        made = share_paper(put_paper(make_person().ref).uuid, wish=wish(), actor=SYSTEM, now=NOW)
        assert find_offer(made.token, now=NOW) is not None
        revoke_share(made.share.uuid, paper_uuid=made.share.paper_uuid, actor=SYSTEM, now=NOW)
        revoke_share(made.share.uuid, paper_uuid=made.share.paper_uuid, actor=SYSTEM, now=NOW)
        assert find_offer(made.token, now=NOW) is None and find_offer("no-such-link", now=NOW) is None
        with pytest.raises(ShareUnknown):
            open_shared("no-such-link", principal=None, code="", now=NOW)

    def test_a_share_is_revoked_only_beside_its_own_paper(self) -> None:
        owner = make_person().ref
        made = share_paper(put_paper(owner).uuid, wish=wish(), actor=SYSTEM, now=NOW)
        with pytest.raises(ShareUnknown):
            revoke_share(made.share.uuid, paper_uuid=put_paper(owner).uuid, actor=SYSTEM, now=NOW)

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.sampled_from(["open", "revoke", "end", "wrong"]), max_size=7))
    @pytest.mark.slow
    def test_after_end_or_revocation_nothing_opens_in_any_order(self, steps: list[str]) -> None:
        made = share_paper(put_paper(make_person().ref).uuid, wish=wish(max_openings=2), actor=SYSTEM, now=NOW)
        now, opened, is_over = NOW, 0, False
        for step in steps:
            if step == "revoke":
                revoke_share(made.share.uuid, paper_uuid=made.share.paper_uuid, actor=SYSTEM, now=now)
                is_over = True
            elif step == "end":
                now, is_over = WEEK, True
            else:
                code = made.code if step == "open" else "no"
                try:
                    open_shared(made.token, principal=None, code=code, now=now)
                except (ShareUnknown, CodeWrong):
                    assert is_over or opened >= 2 or step == "wrong" or steps.count("wrong") >= 5
                else:
                    opened += 1
                    assert not is_over and step == "open"
        assert (
            opened <= 2 and ShareOpening.objects.filter(share__uuid=made.share.uuid, outcome="opened").count() == opened
        )


MOMENTS = st.one_of(st.none(), st.just(NOW))


@pytest.mark.slow
@given(openings=st.integers(0, 5), most=st.integers(1, 5), revoked=MOMENTS, locked=MOMENTS, later=st.booleans())
def test_only_a_whole_share_is_open(openings: int, most: int, revoked: Any, locked: Any, later: bool) -> None:
    state = state_of(
        ends_at=WEEK, max_openings=most, openings=openings, revoked_at=revoked, locked_at=locked,
        now=WEEK if later else NOW,
    )  # fmt: skip
    assert (state == "open") == (revoked is None and locked is None and not later and openings < most)


@pytest.mark.slow
@given(st.binary(min_size=8, max_size=8), st.text(max_size=20))
def test_codes_are_read_however_they_are_typed(random: bytes, noise: str) -> None:
    code = make_code(random)
    assert normalise_code(code.lower().replace("-", " ")) == code.replace("-", "") and len(code) == CODE_SIGNS + 1
    assert len(normalise_code(noise)) <= CODE_SIGNS * 2


def test_a_code_needs_chance() -> None:
    with pytest.raises(ValueError, match="8 random"):
        make_code(b"1234567")
