"""A leader's list: read whole, agreed to one by one, signed together; what changed or was not read is not signed."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from motcua.cases.public import TaskInfo
from motcua.documents.public import read_file, verify_pdf
from motcua.dossiers.models import DraftResult, Result, ShownDraft
from motcua.dossiers.tests.factories import City, act, captured_queries, file_dossier, make_city, open_task
from motcua.identity.tests.factories import sign_in
from motcua.kernel import clock
from motcua.outbox.public import drain

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LIST = "/mot-cua/ky/"


def _client(city: City, role: str = "leader") -> Client:
    client = Client()
    sign_in(client, city.official(role).user_id, stepped_up=True)
    return client


def _lay_before_leader(city: City, *, count: int = 1) -> list[TaskInfo]:
    counter, specialist = _client(city, "counter"), _client(city, "specialist")
    cases = [file_dossier(city).case_id for _number in range(count)]
    for case_id in cases:
        act(counter, open_task(case_id, "dossiers.receive"), "accept")
        act(specialist, open_task(case_id, "dossiers.appraise"), "approve", note="Đủ điều kiện")
    drain(now=clock.now())
    return [open_task(case_id, "dossiers.sign") for case_id in cases]


def _draft(task: TaskInfo) -> DraftResult:
    found = DraftResult.objects.filter(dossier__case_id=task.case_id).first()
    assert found is not None
    return found


def _read(client: Client, task: TaskInfo, *, agree: bool = True) -> str:
    """Open the paper, look at its first page, agree; return its hash."""
    address = reverse("dossiers:signing_read", args=[task.uuid])
    sha256 = _draft(task).sha256
    page = client.get(address).content.decode()
    assert sha256 in page
    picture = client.get(f"{address}trang-1.png?sha256={sha256}")
    assert picture.content.startswith(b"\x89PNG")
    if agree:
        assert client.post(address, {"sha256": sha256, "dong-y": "1"}).status_code == 302
    return sha256


def _sign(client: Client, *papers: tuple[TaskInfo, str]) -> str:
    answer = client.post(
        reverse("dossiers:sign_agreed"), {"van-ban": [f"{task.uuid}:{sha256}" for task, sha256 in papers]}
    )
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_three_are_read_and_signed_at_once_by_hand_and_seal(city: City) -> None:
    tasks = _lay_before_leader(city, count=3)
    leader = _client(city)
    papers = [(task, _read(leader, task)) for task in tasks]
    assert "Ký 3 văn bản" in leader.get(LIST).content.decode()
    assert "Đã ký 3 văn bản" in _sign(leader, *papers)
    drain(now=clock.now())
    for result in Result.objects.all():
        report = verify_pdf(read_file(result.file_id), now=clock.now())
        assert report.status == "valid"
        assert [signer.name for signer in report.signers] == [city.leader.full_name, city.agency.name]
    assert Result.objects.count() == 3
    assert "Không có văn bản nào chờ bạn ký" in leader.get(LIST).content.decode()


def test_unread_or_not_agreed_to_is_not_signed_and_stops_no_other(city: City) -> None:
    read, opened, unread = _lay_before_leader(city, count=3)
    leader = _client(city)
    papers = [
        (read, _read(leader, read)),
        (opened, _read(leader, opened, agree=False)),
        (unread, _draft(unread).sha256),
    ]
    page = _sign(leader, *papers)
    assert "Đã ký 1 văn bản" in page
    assert page.count("Bạn chưa đọc văn bản này") == 2
    assert [bool(_draft(task).approved_at) for task in (read, opened, unread)] == [True, False, False]


def test_a_draft_that_changed_after_the_reading_is_not_signed(city: City) -> None:
    (task,) = _lay_before_leader(city)
    leader = _client(city)
    old = _read(leader, task)
    act(leader, task, "return", note="Sửa lại tên")
    act(_client(city, "specialist"), open_task(task.case_id, "dossiers.appraise"), "reject", note="Thiếu căn cứ")
    drain(now=clock.now())
    again = open_task(task.case_id, "dossiers.sign")
    assert "đã thay đổi" in _sign(leader, (again, old))
    address = reverse("dossiers:signing_read", args=[again.uuid])
    assert leader.get(f"{address}trang-1.png?sha256={old}").status_code == 404
    refused = leader.post(address, {"sha256": old, "dong-y": "1"})
    assert refused.status_code == 409
    assert "Hãy đọc lại" in refused.content.decode()
    assert "Đã ký 1 văn bản" in _sign(leader, (again, _read(leader, again)))


def test_a_paper_may_be_taken_off_the_list(city: City) -> None:
    (task,) = _lay_before_leader(city)
    leader = _client(city)
    sha256 = _read(leader, task)
    leader.post(reverse("dossiers:signing_read", args=[task.uuid]), {"sha256": sha256, "dong-y": "0"})
    assert "Bạn chưa đọc văn bản này" in _sign(leader, (task, sha256))


def test_what_another_leader_read_counts_for_nobody_else(city: City) -> None:
    (task,) = _lay_before_leader(city)
    sha256 = _read(_client(city), task)
    stranger = _client(make_city())
    assert stranger.get(reverse("dossiers:signing_read", args=[task.uuid])).status_code == 404
    assert stranger.get(reverse("dossiers:signing_page", args=[task.uuid, 1])).status_code == 404
    assert "Đã ký" not in _sign(stranger, (task, sha256))
    assert _draft(task).approved_at is None
    for role in ("counter", "specialist"):
        assert _client(city, role).get(LIST).status_code == 403


def test_nonsense_is_answered(city: City) -> None:
    (task,) = _lay_before_leader(city)
    leader = _client(city)
    sha256 = _read(leader, task)
    for item in ("", "x:y", f"{task.uuid}:", f"{task.uuid}:{'0' * 64}"):
        answer = leader.post(reverse("dossiers:sign_agreed"), {"van-ban": item})
        assert (answer.status_code, "Đã ký" in answer.content.decode()) == (200, False)
    address = reverse("dossiers:signing_read", args=[task.uuid])
    assert leader.get(f"{address}trang-99.png?sha256={sha256}").status_code == 404


def test_queries_do_not_grow_with_the_list(city: City) -> None:
    leader = _client(city)
    counts = []
    for more in (1, 3):
        for task in _lay_before_leader(city, count=more):
            _read(leader, task)
        leader.get(LIST)
        with captured_queries() as queries:
            leader.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_table_holds_only_what_can_be(city: City) -> None:
    (task,) = _lay_before_leader(city)
    draft, now = _draft(task), clock.now()
    good = {"draft": draft, "user_id": city.leader.user_id, "sha256": draft.sha256, "shown_at": now}
    for wrong in ({"sha256": "x"}, {"agreed_at": now.replace(year=2000)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ShownDraft.objects.create(**(good | wrong))
    ShownDraft.objects.create(**good)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShownDraft.objects.create(**good)
