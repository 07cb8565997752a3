"""Drafts: saved while typing, two windows, a session that died, another device, thrown away and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from motcua.documents.tests.factories import INFECTED, make_bare_pdf
from motcua.dossiers.actions.drafts import purge_drafts
from motcua.dossiers.models import Dossier, Draft, DraftFile
from motcua.dossiers.public import list_drafts_of
from motcua.dossiers.queries.drafts import find_draft
from motcua.dossiers.tests.factories import CODE, WARD, City, add_clean_file, captured_queries, make_draft, upload
from motcua.identity.tests.factories import make_resident, sign_in
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.places.public import list_wards

pytestmark = pytest.mark.django_db
CONTENT = {"request_content": "Nội dung đã gõ", "has_child": "no"}


def read_hidden(html: str, name: str) -> str:
    """Return a hidden input of a page."""
    return html.split(f'name="{name}" value="')[1].split('"')[0]


def open_page(client: Client, draft_uuid: Any, page: str = "noi-dung") -> dict[str, str]:
    """Open a page in a window of its own and return what it would send along."""
    html = client.get(reverse("dossiers:page", args=[draft_uuid, page])).content.decode()
    return {name: read_hidden(html, name) for name in ("revision", "editor", "save_token")}


def page_of(draft: Any, page: str = "noi-dung") -> str:
    return reverse("dossiers:page", args=[draft.uuid, page])


def autosave_of(draft: Any, page: str = "noi-dung") -> str:
    return reverse("dossiers:autosave", args=[draft.uuid, page])


@pytest.mark.slow
def test_autosave_answers_with_revision_and_time(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    window = open_page(resident_client, draft.uuid)
    response = resident_client.post(autosave_of(draft), window | CONTENT)
    assert response.status_code == 200
    answer = response.json()
    assert answer["revision"] == draft.revision + 1
    assert "ngày" in answer["saved_at"]
    # the answer was lost on the way: the same window saves again with its old revision
    assert resident_client.post(autosave_of(draft), window | CONTENT | {"has_child": "yes"}).status_code == 200
    as_json = {**window, **CONTENT, "revision": 99}
    assert resident_client.post(autosave_of(draft), as_json, content_type="application/json").status_code == 200
    assert resident_client.post(autosave_of(draft), b"{not json", content_type="application/json").status_code == 400
    assert Draft.objects.get().data["request_content"] == "Nội dung đã gõ"


@pytest.mark.slow
def test_two_windows_are_shown_both_values_and_nothing_is_chosen_for_them(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    first, second = open_page(resident_client, draft.uuid), open_page(resident_client, draft.uuid)
    resident_client.post(page_of(draft), first | CONTENT)
    stale = resident_client.post(autosave_of(draft), second | CONTENT | {"request_content": "Bản thứ hai"})
    assert stale.status_code == 409
    assert stale.json()["conflicts"][0]["saved"] == "Nội dung đã gõ"
    response = resident_client.post(page_of(draft), second | CONTENT | {"request_content": "Bản thứ hai"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "Nội dung đã gõ" in html
    assert "Bản thứ hai" in html
    assert Draft.objects.get().data["request_content"] == "Nội dung đã gõ"
    again = second | CONTENT | {"request_content": "Bản thứ hai", "revision": read_hidden(html, "revision")}
    assert resident_client.post(page_of(draft), again).status_code == 302
    assert Draft.objects.get().data["request_content"] == "Bản thứ hai"


@pytest.mark.slow
def test_two_windows_on_two_pages_do_not_meet(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    first, second = open_page(resident_client, draft.uuid), open_page(resident_client, draft.uuid, "nguoi-nop")
    resident_client.post(page_of(draft), first | CONTENT)
    person = {
        "full_name": "Lê Văn", "birth_on-day": "1", "birth_on-month": "2", "birth_on-year": "1980", "area": "26743",
    }  # fmt: skip
    assert resident_client.post(page_of(draft, "nguoi-nop"), second | person).status_code == 302


@pytest.mark.slow
def test_a_session_that_died_on_a_page_loses_nothing(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    window = open_page(resident_client, draft.uuid, "giay-to") | {"anh": upload("anh.png")}
    words = open_page(resident_client, draft.uuid)
    resident_client.logout()
    response = resident_client.post(page_of(draft), words | CONTENT)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("identity:resident_sign_in"))
    assert Draft.objects.get().data["request_content"] == "Nội dung đã gõ"
    assert resident_client.post(page_of(draft, "giay-to"), window).status_code == 302
    assert DraftFile.objects.filter(field_key="anh").count() == 1
    words = words | {"save_token": "giả"}
    response = resident_client.post(page_of(draft), words | CONTENT | {"request_content": "Người lạ"})
    assert response.status_code == 302
    assert Draft.objects.get().data["request_content"] == "Nội dung đã gõ"
    assert resident_client.post(autosave_of(draft), words | CONTENT).status_code == 401


@pytest.mark.slow
def test_a_session_that_died_at_submit_loses_nothing(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    resident_client.logout()
    data = {"declaration": "true", "client_key": str(draft.client_key)}
    response = resident_client.post(reverse("dossiers:submit", args=[draft.uuid]), data)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("identity:resident_sign_in"))
    assert str(draft.uuid) in response["Location"]
    assert "Hồ sơ chưa được nộp" in resident_client.get(response["Location"]).content.decode()
    sign_in(resident_client, city.resident.user_id)
    assert resident_client.get(reverse("dossiers:review", args=[draft.uuid])).status_code == 200
    assert resident_client.post(reverse("dossiers:submit", args=[draft.uuid]), data).status_code == 302
    assert Dossier.objects.count() == 1


@pytest.mark.slow
def test_going_on_with_the_resume_code_on_another_device(city: City) -> None:
    phone, laptop = Client(), Client()
    phone.post(reverse("dossiers:start", args=[CODE]))
    draft = Draft.objects.get()
    html = phone.get(reverse("dossiers:draft", args=[draft.uuid])).content.decode()
    code = html.split('id="resume-code">')[1].split("<")[0]
    assert laptop.get(reverse("dossiers:draft", args=[draft.uuid])).status_code == 404
    assert laptop.post(reverse("dossiers:resume"), {"code": "AAAA-BBBB-CCCC-DDDD"}).status_code == 403
    response = laptop.post(reverse("dossiers:resume"), {"code": code.lower().replace("-", " ")})
    assert response["Location"] == reverse("dossiers:draft", args=[draft.uuid])
    assert laptop.get(response["Location"]).status_code == 200
    address = reverse("dossiers:draft", args=[draft.uuid])
    assert address in laptop.get(reverse("dossiers:drafts")).content.decode()
    person = make_resident()
    sign_in(laptop, person.user_id)
    for name in ("list", "drafts"):  # her own page is the one list of a resident
        assert laptop.get(reverse(f"dossiers:{name}"))["Location"] == reverse("portal:my_page")
    assert address in laptop.get(reverse("portal:my_page")).content.decode()
    draft.refresh_from_db()
    assert draft.owner_id == person.user_id
    assert phone.get(reverse("dossiers:draft", args=[draft.uuid])).status_code == 302


@pytest.mark.slow
def test_wrong_and_expired_links(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    assert resident_client.get(page_of(draft, "khong-co")).status_code == 404
    assert resident_client.get(reverse("dossiers:start", args=["9.999999"])).status_code == 404
    Draft.objects.update(created_at=clock.now() - timedelta(days=40), expires_at=clock.now() - timedelta(days=1))
    response = resident_client.get(page_of(draft))
    assert response.status_code == 404
    assert "hết hạn" in response.content.decode()
    assert purge_drafts(now=clock.now()) == 1
    assert find_draft(draft.uuid) is None


@pytest.mark.slow
def test_deleting_asks_and_can_be_taken_back(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    address = reverse("dossiers:delete", args=[draft.uuid])
    assert resident_client.get(address).status_code == 200
    assert Draft.objects.get().deleted_at is None
    assert resident_client.post(address).status_code == 200
    assert resident_client.get(page_of(draft)).status_code == 404
    stranger = Client()
    assert stranger.post(reverse("dossiers:restore", args=[draft.uuid])).status_code == 404
    assert resident_client.post(reverse("dossiers:restore", args=[draft.uuid])).status_code == 302
    assert resident_client.get(page_of(draft)).status_code == 200


@pytest.mark.slow
def test_errors_stand_on_top_and_beside_the_field_and_the_words_stay(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    window = open_page(resident_client, draft.uuid, "nguoi-nop")
    bad = {"full_name": "1234", "birth_on-day": "31", "birth_on-month": "2", "birth_on-year": "1990", "area": "99999"}
    response = resident_client.post(page_of(draft, "nguoi-nop"), window | bad)
    html = response.content.decode()
    assert response.status_code == 422
    assert "govuk-error-summary" in html
    assert 'href="#full_name"' in html
    assert 'id="full_name-error"' in html
    assert 'value="1234"' in html
    review = resident_client.get(reverse("dossiers:review", args=[draft.uuid])).content.decode()
    assert f"{page_of(draft, 'nguoi-nop')}?from=review#full_name" in review
    data = {"declaration": "true", "client_key": str(draft.client_key)}
    assert resident_client.post(reverse("dossiers:submit", args=[draft.uuid]), data).status_code == 422
    assert not Dossier.objects.exists()


@pytest.mark.slow
def test_a_question_that_an_answer_opens_is_asked_before_it_is_an_error(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    window = open_page(resident_client, draft.uuid)
    response = resident_client.post(page_of(draft), window | CONTENT | {"has_child": "yes"})
    html = response.content.decode()
    assert response.status_code == 200
    assert 'name="child_name"' in html
    assert "govuk-error-summary" not in html
    window["revision"] = read_hidden(html, "revision")
    assert resident_client.post(page_of(draft), window | CONTENT | {"has_child": "yes"}).status_code == 422


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["\x00độc\x00", "e\u0301 tổ hợp", "\u202eđảo chiều", "\ud800".encode("utf-8", "replace").decode(), "😀" * 500],
)
def test_broken_unicode_is_kept_readable_or_refused_never_a_fault(
    city: City, resident_client: Client, text: str
) -> None:
    draft = make_draft(city)
    window = open_page(resident_client, draft.uuid)
    response = resident_client.post(page_of(draft), window | CONTENT | {"request_content": text})
    assert response.status_code in (302, 400, 422)
    body = {**window, **CONTENT, "request_content": text}
    response = resident_client.post(autosave_of(draft), body, content_type="application/json")
    assert response.status_code in (200, 400)
    raw = b'{"request_content": "\\ud800", "revision": "99"}'
    assert resident_client.post(autosave_of(draft), raw, content_type="application/json").status_code in (200, 400)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("to-khai.pdf", b"", "Tệp này rỗng"),
        ("to-khai.exe", b"MZ\x90\x00" + b"\x00" * 100, "Chỉ nhận tệp PDF, JPG"),
        ("to-khai.pdf", b"MZ\x90\x00" + b"\x00" * 100, "Chỉ nhận tệp PDF, JPG"),
        ("to-khai.pdf", None, "đừng đổi đuôi tệp"),
        ("anh.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "Ảnh bị hỏng"),
        ("to-khai.png", b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
    ],
)
def test_bad_files_are_refused_beside_their_field_and_the_words_stay(
    city: City, resident_client: Client, name: str, content: bytes | None, word: str
) -> None:
    draft = make_draft(city)
    window = open_page(resident_client, draft.uuid, "giay-to")
    data = window | {"anh": upload(name, content), "action": "continue"}
    response = resident_client.post(page_of(draft, "giay-to"), data)
    html = response.content.decode()
    assert response.status_code == 422
    assert word in html.split('id="anh-error"')[1].split("</p>")[0]
    assert not DraftFile.objects.filter(field_key="anh").exists()


@pytest.mark.slow
def test_files_are_stored_removed_and_shown_to_their_owner_only(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    window = open_page(resident_client, draft.uuid, "giay-to")
    response = resident_client.post(page_of(draft, "giay-to"), window | {"anh": upload("a.png"), "action": "upload"})
    assert response.status_code == 200
    file = DraftFile.objects.get(field_key="anh")
    address = reverse("dossiers:draft_file", args=[draft.uuid, file.uuid])
    assert resident_client.get(address).status_code == 200
    other = Client()
    sign_in(other, make_resident().user_id)
    assert other.get(address).status_code == 404
    response = resident_client.post(page_of(draft, "giay-to"), window | {"remove_file": str(file.uuid)})
    assert response.status_code == 200
    assert not DraftFile.objects.filter(field_key="anh").exists()
    for broken in ("khong-phai-uuid", ""):
        assert resident_client.post(page_of(draft, "giay-to"), window | {"remove_file": broken}).status_code == 200


@pytest.mark.slow
def test_a_scanner_that_is_down_leaves_the_file_waiting_and_filing_goes_on(
    city: City, resident_client: Client, settings: Any
) -> None:
    settings.MOTCUA_SCANNER = "down"
    draft = make_draft(city)
    window = open_page(resident_client, draft.uuid, "giay-to")
    response = resident_client.post(page_of(draft, "giay-to"), window | {"anh": upload("a.png"), "action": "upload"})
    assert "đang kiểm tra an toàn" in response.content.decode()
    data = {"declaration": "true", "client_key": str(draft.client_key)}
    assert resident_client.post(reverse("dossiers:submit", args=[draft.uuid]), data).status_code == 302


@pytest.mark.slow
def test_the_list_of_drafts_costs_two_queries_whatever_its_length(city: City) -> None:
    assert city.resident.user_id is not None
    counts = []
    for _ in range(2):
        for _ in range(3):
            make_draft(city)
        with captured_queries() as queries:
            rows = list_drafts_of(city.resident.user_id, now=clock.now())
        counts.append(len(queries))
    assert len(rows) == 6
    assert counts[0] == counts[1] <= 3


@pytest.mark.slow
def test_a_ward_without_an_office_is_said_and_the_draft_stays(city: City, resident_client: Client) -> None:
    elsewhere = next(ward.code for ward in list_wards(on=local_date(clock.now())) if ward.code != WARD)
    draft = make_draft(city, data={"area": elsewhere})
    page = resident_client.get(reverse("dossiers:review", args=[draft.uuid]))
    assert page.status_code == 200
    assert "Chưa xác định" in page.content.decode()
    data = {"declaration": "true", "client_key": str(draft.client_key)}
    assert resident_client.post(reverse("dossiers:submit", args=[draft.uuid]), data).status_code == 422
    assert Draft.objects.get().data["area"] == elsewhere


@pytest.mark.slow
def test_a_wrong_client_key_or_no_declaration_files_nothing(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    address = reverse("dossiers:submit", args=[draft.uuid])
    response = resident_client.post(address, {"client_key": str(draft.client_key)})
    assert response.status_code == 422
    assert "cam đoan" in response.content.decode()
    strange = {"declaration": "true", "client_key": "00000000-0000-4000-8000-000000000000"}
    assert resident_client.post(address, strange).status_code == 404
    assert not Dossier.objects.exists()
    resident_client.post(address, {"declaration": "true", "client_key": str(draft.client_key)})
    again = resident_client.get(page_of(draft), follow=True)
    assert Dossier.objects.get().dossier_no in again.content.decode()


@pytest.mark.slow
def test_malware_is_named_and_stops_the_filing_until_it_is_removed(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    window = open_page(resident_client, draft.uuid, "giay-to")
    bad = upload("to-khai.pdf", make_bare_pdf("<< >>\n%" + INFECTED.decode() + "drafts"), "application/pdf")
    response = resident_client.post(page_of(draft, "giay-to"), window | {"anh": bad})
    assert response.status_code == 422
    assert "mã độc" in response.content.decode()
    data = {"declaration": "true", "client_key": str(draft.client_key)}
    response = resident_client.post(reverse("dossiers:submit", args=[draft.uuid]), data)
    assert response.status_code == 422
    assert "mã độc" in response.content.decode()
    assert not Dossier.objects.exists()
    file = DraftFile.objects.get(field_key="anh")
    resident_client.post(page_of(draft, "giay-to"), window | {"remove_file": str(file.uuid)})
    assert resident_client.post(reverse("dossiers:submit", args=[draft.uuid]), data).status_code == 302


@pytest.mark.slow
def test_too_many_files_are_refused_with_a_sentence(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    for number in range(10):
        add_clean_file(draft, "anh", name=f"{number}.png")
    window = open_page(resident_client, draft.uuid, "giay-to")
    response = resident_client.post(page_of(draft, "giay-to"), window | {"anh": upload("a.png")})
    assert response.status_code == 422
    assert "quá nhiều tệp" in response.content.decode()
