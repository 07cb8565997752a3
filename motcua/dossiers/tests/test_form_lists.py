"""A form with repeated rows, computed values and a table through the pages, without script: nothing typed is lost."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client
from django.urls import reverse

from motcua.dossiers.models import Draft
from motcua.dossiers.tests.factories import WARD, City
from motcua.dossiers.tests.test_filing_pages import post_page
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.procedures.public import ProcedureDetail, find_procedure, load_designed_procedures

pytestmark = pytest.mark.django_db
PACKAGES = Path(__file__).parent / "fixtures" / "list_packages"
CODE = "9.000778"
HOUSEHOLD = {"full_name": "Nguyễn Thị Thử", "people": "2", "area": WARD, "rents": "no"}


@pytest.fixture
def procedure(city: City) -> ProcedureDetail:
    load_designed_procedures(now=clock.now(), folder=PACKAGES)
    found = find_procedure(CODE, on=local_date(clock.now()))
    assert found is not None
    return found


@pytest.fixture
def draft(procedure: ProcedureDetail, client: Client) -> Draft:
    client.post(reverse("dossiers:start", args=[CODE]))
    draft = Draft.objects.get()
    post_page(client, draft, "ho", HOUSEHOLD)
    return draft


def row(number: int, **values: str) -> dict[str, Any]:
    born = {"born-day": "1", "born-month": "2", "born-year": "1990"} if values else {}
    return {f"members[{number}].{key}": value for key, value in (values | born).items()}


@pytest.mark.slow
def test_rows_are_added_and_taken_out_by_buttons(client: Client, draft: Draft) -> None:
    address = reverse("dossiers:page", args=[draft.uuid, "thanh-vien"])
    assert 'name="members[0].name"' in client.get(address).content.decode()
    typed = {"members[]": ["0"], **row(0, name="An", works="true", income="không nhớ"), "action": ""}
    response = post_page(client, draft, "thanh-vien", typed | {"add_row": "members"})
    assert response["Location"] == f"{address}#members[1]"
    html = client.get(address).content.decode()
    assert 'value="không nhớ"' in html
    assert 'name="members[1].name"' in html
    both = {"members[]": ["0", "1"], **row(0, name="An"), **row(1, name="Bình", works="true", income="7.000.000")}
    response = post_page(client, draft, "thanh-vien", both | {"action": "", "remove_row": "members[0]"})
    assert response["Location"] == f"{address}#members"
    draft.refresh_from_db()
    assert [member["name"] for member in draft.data["members"]] == ["Bình"]
    html = client.get(address).content.decode()
    assert "84.000.000 đồng" in html
    assert "7.000.000 đồng" in html


@pytest.mark.slow
def test_errors_lead_to_the_field_of_their_row(client: Client, draft: Draft) -> None:
    data = {"members[]": ["0", "3"], **row(0, name="An"), "members[3].works": "true"}
    response = post_page(client, draft, "thanh-vien", data)
    assert response.status_code == 422
    html = response.content.decode()
    for address in ("members[1].name", "members[1].born", "members[1].income"):
        assert f'href="#{address}"' in html
        assert f'id="{address}"' in html
    draft.refresh_from_db()
    assert "thanh-vien" not in draft.pages_done


@pytest.mark.slow
def test_a_rule_across_pages_is_asked_and_the_review_shows_tables(client: Client, draft: Draft) -> None:
    three = {"members[]": ["0", "1", "2"], **row(0, name="An"), **row(1, name="Bình"), **row(2, name="Chi")}
    response = post_page(client, draft, "thanh-vien", three)
    assert "Số người khai nhiều hơn số người trong hộ" in response.content.decode()
    two = {"members[]": ["0", "1"], **row(0, name="An", works="true", income="5.000.000"), **row(1, name="Bình")}
    moment = clock.now() + timedelta(days=30)
    visit = {"visit-day": "1", "visit-month": "2", "visit-year": str(moment.year + 1), "visit-time": "9h30"}
    response = post_page(client, draft, "thanh-vien", two | visit | {"total": "1", "heads": "99"})
    assert response["Location"] == reverse("dossiers:review", args=[draft.uuid])
    draft.refresh_from_db()
    assert "total" not in draft.data
    assert draft.data["visit"] == f"{moment.year + 1}-02-01T09:30+07:00"
    html = client.get(reverse("dossiers:print_draft", args=[draft.uuid])).content.decode()
    assert "5.000.000 đồng" in html
    assert f"09:30 01/02/{moment.year + 1}" in html
    assert "<table" in html


@pytest.mark.slow
def test_the_schema_of_a_version_is_public(procedure: ProcedureDetail) -> None:
    address = reverse("dossiers:form_schema", args=[CODE, procedure.version_no])
    response = Client().get(address)
    assert response["Content-Type"] == "application/schema+json"
    schema = json.loads(response.content)
    jsonschema_rs.meta.validate(schema)
    good = {"full_name": "Nguyễn Thị Thử", "people": 1, "area": WARD, "rents": "no",
            "members": [{"name": "An", "born": "1990-02-01"}]}  # fmt: skip
    check = jsonschema_rs.validator_for(schema)
    assert check.is_valid(good)
    assert not check.is_valid(good | {"rents": "maybe"})
    assert not check.is_valid(good | {"members": [{"name": "An", "born": "hôm qua"}]})
    assert Client().get(reverse("dossiers:form_schema", args=[CODE, 99])).status_code == 404
    assert Client().get(reverse("dossiers:form_schema", args=["9.999999", 1])).status_code == 404


@pytest.mark.slow
def test_the_blank_form_asks_everything_on_paper(procedure: ProcedureDetail) -> None:
    response = Client().get(reverse("dossiers:print_form", args=[CODE, procedure.version_no]))
    html = response.content.decode()
    for text in ("Họ và tên chủ hộ", "Hộ đang thuê nhà?", "Người trong hộ", "Thu nhập mỗi tháng", "☐"):
        assert text in html
    assert "describedby" in response["Link"]


@pytest.mark.slow
def test_a_stranger_cannot_print_a_draft(draft: Draft, resident_client: Client) -> None:
    address = reverse("dossiers:print_draft", args=[draft.uuid])
    assert Client().get(address).status_code in (302, 403, 404)
    assert resident_client.get(address).status_code in (302, 403, 404)
