"""Pages of a vault: who may open what, and that nobody else learns that it exists."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from motcua.audit.public import SYSTEM, list_reads_of
from motcua.identity.public import DelegationGround, PartyRef, PersonInfo, delegate
from motcua.identity.tests.factories import make_official, make_organisation, make_person, make_resident, sign_in
from motcua.kernel import clock
from motcua.places.tests.factories import make_agency
from motcua.vault.models import Deletion
from motcua.vault.public import Access, ask_paper_deletion, execute_due, find_papers, get_access, list_shares
from motcua.vault.tests.factories import PLAIN, put_paper

pytestmark = pytest.mark.django_db


def put_now(owner: PartyRef, **values: Any) -> Any:
    return put_paper(owner, **{"now": clock.now(), **values})


def let(grantor: PartyRef, person: PersonInfo, ground: DelegationGround) -> None:
    now = clock.now()
    delegate(
        grantor, delegate_person_id=person.id, ground=ground, valid_from=clock.local_date(now), actor=SYSTEM,
        now=now,
    )  # fmt: skip


def strip(page: str) -> str:
    """Take out what differs between any two answers: identifiers, tokens."""
    return re.sub(r'[0-9a-f-]{36}|value="[^"]*"|nonce="[^"]*"', "", page)


def addresses(paper_uuid: object) -> list[str]:
    pages = ("paper", "download", "share", "delete_paper")
    return [reverse(f"vault:{page}", args=[paper_uuid]) for page in pages]


@pytest.mark.slow
def test_the_owner_sees_finds_and_opens_her_papers(client: Client) -> None:
    me = make_resident()
    paper = put_now(me.ref)
    put_now(me.ref, title="Biên lai số 7", kind="receipt")
    sign_in(client, me.user_id)
    page = client.get(reverse("vault:vault")).content.decode()
    assert "Giấy khai sinh của" in page and "Biên lai số 7" in page
    page = client.get(reverse("vault:vault"), {"q": "giay KHAI sinh"}).content.decode()
    assert "Giấy khai sinh của" in page and "Biên lai số 7" not in page
    page = client.get(reverse("vault:vault"), {"loai": "receipt"}).content.decode()
    assert "Giấy khai sinh của" not in page and "Biên lai số 7" in page
    answer = client.get(reverse("vault:download", args=[paper.uuid]))
    assert answer.content == PLAIN and "no-store" in answer.headers["Cache-Control"]
    assert [read.purpose for read in list_reads_of(f"person:{me.uuid}").items] == ["Xem giấy tờ trong kho"]
    for address in addresses(paper.uuid):
        assert client.get(address).status_code == 200


def test_nobody_else_learns_that_a_paper_exists(client: Client) -> None:
    paper = put_now(make_resident().ref)
    stranger, agency = make_resident("Người Lạ"), make_agency()
    unknown = make_person().uuid
    for address in addresses(paper.uuid):
        assert client.get(address).status_code == 302  # nobody is signed in
    sign_in(client, stranger.user_id)
    for known, none in zip(addresses(paper.uuid), addresses(unknown), strict=True):
        one, other = client.get(known), client.get(none)
        assert one.status_code == other.status_code == 404
        assert strip(one.content.decode()) == strip(other.content.decode())
    sign_in(client, make_official("leader", agency_id=agency.id).user_id)
    for address in addresses(paper.uuid):
        assert client.get(address).status_code == 403  # officials have no door here, whatever the paper
    assert client.get(reverse("vault:vault")).status_code == 403


def test_a_destroyed_paper_is_told_to_its_owner_alone(client: Client) -> None:
    me = make_resident()
    paper = put_now(me.ref)
    ask_paper_deletion(paper.uuid, actor=SYSTEM, now=clock.now() - timedelta(days=9))
    execute_due(now=clock.now())
    sign_in(client, make_resident().user_id)
    assert client.get(reverse("vault:paper", args=[paper.uuid])).status_code == 404
    sign_in(client, me.user_id)
    assert client.get(reverse("vault:paper", args=[paper.uuid])).status_code == 410


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ground", "birth_on", "access"),
    [
        (DelegationGround.PARENT, date(2020, 1, 1), Access.MANAGE),
        (DelegationGround.GUARDIAN, date(1950, 1, 1), Access.MANAGE),
        (DelegationGround.AUTHORISATION, date(1980, 1, 1), Access.READ),
    ],
)
def test_who_acts_for_another_goes_as_far_as_the_ground(
    client: Client, ground: DelegationGround, birth_on: date, access: Access
) -> None:
    helper, owner = make_resident("Người Đại Diện"), make_person("Người Được Giúp", birth_on=birth_on)
    paper = put_now(owner.ref)
    let(owner.ref, helper, ground)
    sign_in(client, helper.user_id)
    assert "Người Được Giúp" in client.get(reverse("vault:vault"), {"cua": str(owner.uuid)}).content.decode()
    assert client.get(reverse("vault:download", args=[paper.uuid])).content == PLAIN
    managing = 200 if access == Access.MANAGE else 404
    assert client.get(reverse("vault:share", args=[paper.uuid])).status_code == managing
    assert client.get(reverse("vault:delete_paper", args=[paper.uuid])).status_code == managing
    wanted = 200 if access == Access.MANAGE else 403
    exported = client.post(reverse("vault:export"), {"cua": str(owner.uuid)})
    assert exported.status_code == wanted
    assert not exported.streaming or b"".join(exported.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]  # a stream
    assert client.get(reverse("vault:delete_all"), {"cua": str(owner.uuid)}).status_code == wanted


def test_a_parent_no_longer_opens_the_vault_of_a_child_of_age(client: Client) -> None:
    from motcua.identity.tests.factories import make_principal

    today = clock.local_date(clock.now())
    parent, child = make_resident(), make_person(birth_on=date(today.year - 17, today.month, 1))
    let(child.ref, parent, DelegationGround.PARENT)
    principal = make_principal(parent.user_id)
    assert get_access(principal, child.ref, on=today) == Access.MANAGE
    assert get_access(principal, child.ref, on=date(today.year + 2, 1, 1)) == Access.NONE


def test_a_firms_vault_opens_for_its_legal_representative_alone(client: Client) -> None:
    head = make_resident()
    firm = make_organisation(legal_representative_id=head.id)
    paper = put_now(firm.ref)
    sign_in(client, head.user_id)
    assert client.get(reverse("vault:share", args=[paper.uuid])).status_code == 200
    sign_in(client, make_resident().user_id)
    assert client.get(reverse("vault:paper", args=[paper.uuid])).status_code == 404
    assert client.get(reverse("vault:vault"), {"cua": str(firm.uuid)}).status_code == 404


def lend(client: Client, paper_uuid: object, **values: str) -> str:
    end = clock.local_date(clock.now()) + timedelta(days=3)
    form = {
        "recipient_kind": "code", "name": "Ngân hàng Thử", "purpose": "Vay vốn", "end-day": str(end.day),
        "end-month": str(end.month), "end-year": str(end.year), "openings": "2", **values,
    }  # fmt: skip
    answer = client.post(reverse("vault:share", args=[paper_uuid]), form)
    assert answer.status_code == 200, answer.content.decode()[-3000:]
    return answer.content.decode()


@pytest.mark.slow
def test_a_paper_is_lent_opened_and_taken_back(client: Client) -> None:
    me, bank = make_resident(), Client()
    paper = put_now(me.ref)
    sign_in(client, me.user_id)
    page = lend(client, paper.uuid)
    link = re.search(r"/giay-to-chia-se/[\w-]+/", page)
    code = re.search(r">\s*([2-9A-Z]{4}-[2-9A-Z]{4})\s*<", page)  # the link may hold the like
    assert link and code
    landing = bank.get(link[0]).content.decode()
    assert "Vay vốn" in landing and "khai sinh" not in landing and me.full_name not in landing
    assert bank.post(link[0], {"code": "2222-2222"}).status_code == 403
    assert bank.post(link[0], {"code": code[1]}).content == PLAIN
    shown = client.get(reverse("vault:paper", args=[paper.uuid])).content.decode()
    assert "Ngân hàng Thử" in shown and "Đã mở 1 trên 2 lần" in shown and "Nhập sai mã" in shown
    share = list_shares(paper.uuid, now=clock.now())[0]
    client.post(reverse("vault:revoke", args=[paper.uuid, share.uuid]))
    assert bank.get(link[0]).status_code == 404 and bank.post(link[0], {"code": code[1]}).status_code == 404
    assert bank.get("/giay-to-chia-se/" + "x" * 43 + "/").status_code == 404


def test_wrong_wishes_are_told_beside_the_question(client: Client) -> None:
    me = make_resident()
    paper = put_now(me.ref)
    sign_in(client, me.user_id)
    answer = client.post(reverse("vault:share", args=[paper.uuid]), {"recipient_kind": "office", "purpose": "x"})
    assert answer.status_code == 422 and "Ngày hết hạn phải sau hôm nay" in answer.content.decode()
    assert client.post(reverse("vault:share", args=[paper.uuid]), {}).status_code == 422


def test_everything_is_taken_away_in_one_archive(client: Client) -> None:
    me = make_resident()
    put_now(me.ref, content=b"one", title="Giấy <b>một</b>")
    put_now(me.ref, content=b"two", media_type="image/png")
    sign_in(client, me.user_id)
    answer = client.post(reverse("vault:export"))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file's response streams
    archive = zipfile.ZipFile(io.BytesIO(content))
    index = json.loads(archive.read("index.json"))
    assert archive.testzip() is None and len(index["papers"]) == 2
    for row in index["papers"]:
        assert sha256(archive.read(row["path"])).hexdigest() == row["sha256"]
        assert f"{row['sha256']}  {row['path']}" in archive.read("SHA256SUMS").decode()
    page = archive.read("index.html").decode()
    assert "Giấy &lt;b&gt;một" in page and {row["path"].rsplit(".", 1)[1] for row in index["papers"]} == {"pdf", "png"}


@pytest.mark.slow
def test_a_paper_is_deleted_undone_and_proven(client: Client) -> None:
    me = make_resident()
    paper = put_now(me.ref)
    sign_in(client, me.user_id)
    page = client.post(reverse("vault:delete_paper", args=[paper.uuid]), follow=True).content.decode()
    assert "Đang chờ xóa" in page
    client.post(reverse("vault:undo", args=[Deletion.objects.get().uuid]))
    assert "Đang chờ xóa" not in client.get(reverse("vault:vault")).content.decode()
    assert client.post(reverse("vault:delete_all")).status_code == 422
    assert client.post(reverse("vault:delete_all"), {"confirm": "yes"}).status_code == 302
    execute_due(now=clock.now() + timedelta(days=3))
    assert find_papers(me.ref, now=clock.now()) == ()
    done = Deletion.objects.get(executed_at__isnull=False)
    page = client.get(reverse("vault:certificate", args=[done.uuid])).content.decode()
    assert "Đã hủy khóa lúc" in page
    body = client.get(reverse("vault:certificate", args=[done.uuid]), {"dang": "json"}).json()
    assert body["record"]["scope"] == "vault"
    sign_in(client, make_resident().user_id)
    assert client.get(reverse("vault:certificate", args=[done.uuid])).status_code == 404


@pytest.mark.slow
def test_the_page_of_thirty_papers_asks_as_often_as_that_of_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    me = make_resident()
    sign_in(client, me.user_id)
    put_now(me.ref)
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("vault:vault"))
    for _turn in range(29):
        put_now(me.ref)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert "Trang sau" in client.get(reverse("vault:vault")).content.decode()
