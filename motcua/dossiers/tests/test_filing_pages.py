"""A resident fills in a form of several pages and files it, with everything that can go wrong on the way."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from motcua.cases.public import get_case
from motcua.dossiers.models import Dossier, Draft
from motcua.dossiers.tests.factories import CODE, WARD, City, make_draft, upload
from motcua.identity.tests.factories import make_resident, sign_in

pytestmark = pytest.mark.django_db


def post_page(client: Client, draft: Draft, page: str, data: dict[str, Any]) -> Any:
    """Fill in one page as it is shown."""
    address = reverse("dossiers:page", args=[draft.uuid, page])
    shown = client.get(address)
    html = shown.content.decode()
    token = html.split('name="save_token" value="')[1].split('"')[0]
    revision = html.split('name="revision" value="')[1].split('"')[0]
    return client.post(address, {"revision": revision, "save_token": token, "action": "continue"} | data)


@pytest.mark.slow
def test_whole_journey_without_account_until_review(city: City) -> None:
    client = Client()
    assert client.get(reverse("dossiers:start", args=[CODE])).status_code == 200
    response = client.post(reverse("dossiers:start", args=[CODE]))
    draft = Draft.objects.get()
    assert response["Location"] == reverse("dossiers:page", args=[draft.uuid, "nguoi-nop"])
    person = {
        "full_name": "Nguyễn Thị Thử",
        "birth_on-day": "17",
        "birth_on-month": "5",
        "birth_on-year": "1990",
        "area": WARD,
    }
    response = post_page(client, draft, "nguoi-nop", person)
    assert response["Location"] == reverse("dossiers:page", args=[draft.uuid, "noi-dung"])
    content = {"request_content": "Xin xác nhận", "has_child": "no"}
    response = post_page(client, draft, "noi-dung", content)
    assert response["Location"] == reverse("dossiers:page", args=[draft.uuid, "giay-to"])
    response = post_page(client, draft, "giay-to", {"to_khai": upload()})
    assert response["Location"] == reverse("dossiers:review", args=[draft.uuid])
    response = client.get(response["Location"])
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("identity:resident_sign_in"))

    sign_in(client, city.resident.user_id)
    response = client.get(reverse("dossiers:review", args=[draft.uuid]))
    assert response["Location"] == reverse("dossiers:applicant", args=[draft.uuid])
    draft.refresh_from_db()
    assert draft.owner_id == city.resident.user_id
    response = client.post(response["Location"], {"party": str(city.resident.uuid), "result_channel": "online"})
    assert response["Location"] == reverse("dossiers:review", args=[draft.uuid])
    page = client.get(response["Location"]).content.decode()
    assert "Xin xác nhận" in page
    assert city.agency.name in page
    assert "0 đồng" in page
    response = client.post(
        reverse("dossiers:submit", args=[draft.uuid]), {"declaration": "true", "client_key": str(draft.client_key)}
    )
    dossier = Dossier.objects.get()
    assert response["Location"] == reverse("dossiers:filed", args=[dossier.dossier_no])
    shown = client.get(response["Location"]).content.decode()
    assert dossier.dossier_no in shown
    assert client.get(reverse("dossiers:detail", args=[dossier.dossier_no])).status_code == 200
    assert dossier.dossier_no in client.get(reverse("portal:my_page")).content.decode()
    assert dossier.fee_vnd == 0
    assert get_case(dossier.case_id).stage == "submitted"
    assert [paper.name for paper in dossier.papers.all()] == ["Tờ khai có chữ ký"]


@pytest.mark.slow
def test_pressing_submit_twice_files_once(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    data = {"declaration": "true", "client_key": str(draft.client_key)}
    first = resident_client.post(reverse("dossiers:submit", args=[draft.uuid]), data)
    second = resident_client.post(reverse("dossiers:submit", args=[draft.uuid]), data)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Dossier.objects.count() == 1


@pytest.mark.slow
def test_a_stranger_finds_no_draft(city: City) -> None:
    draft = make_draft(city)
    other = Client()
    sign_in(other, make_resident().user_id)
    for name, args in (
        ("draft", [draft.uuid]),
        ("page", [draft.uuid, "nguoi-nop"]),
        ("review", [draft.uuid]),
        ("applicant", [draft.uuid]),
        ("delete", [draft.uuid]),
    ):
        assert other.get(reverse(f"dossiers:{name}", args=args)).status_code == 404
    assert other.post(reverse("dossiers:submit", args=[draft.uuid])).status_code == 404
