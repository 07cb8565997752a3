"""The screens on which a draft is tried: played against a load, shown as it will be, running cases moved by rule."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from motcua.designer.actions.drafts import save_file
from motcua.designer.tests.factories import NOW, SLUG, make_draft, make_owner, open_agency, read_package
from motcua.identity.tests.factories import sign_in
from motcua.procedures.public import publish_package

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CODE = "1.001193"


@pytest.fixture
def desk() -> tuple[Client, UUID]:
    owner = make_owner(open_agency())
    client = Client()
    sign_in(client, owner.user_id)
    return client, make_draft(owner)


def show(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode().partition("<main")[2]


def test_a_load_is_played_and_shown_as_figures_and_chart(desk: tuple[Client, UUID]) -> None:
    client, uuid = desk
    address = reverse("designer:simulation", args=[uuid])
    assert "<svg" not in show(client, address)
    query = "?chay=1&moi-ngay=5&nguoi-counter=2&nguoi-specialist=2&nguoi-leader=1"
    page = show(client, address + query)
    assert re.search(r"<svg.*<(polyline|path)", page, re.S)
    assert page.count("<table") == 2
    assert "Chuyên viên thụ lý" in page
    assert page == show(client, address + query)  # the same seed plays the same days


@pytest.mark.parametrize("query", ["moi-ngay=-5", "moi-ngay=99999999999999", "moi-ngay=x&nguoi-leader=1e9", "nguon=?"])
def test_odd_figures_are_brought_into_measure(desk: tuple[Client, UUID], query: str) -> None:
    client, uuid = desk
    show(client, f"{reverse('designer:simulation', args=[uuid])}?{query}")


def test_without_last_years_cases_the_page_says_so(desk: tuple[Client, UUID]) -> None:
    client, uuid = desk
    page = show(client, f"{reverse('designer:simulation', args=[uuid])}?chay=1&nguon=cu")
    assert "chưa có hồ sơ nào" in page


def test_a_drawing_that_cannot_be_read_is_said_by_its_name(desk: tuple[Client, UUID]) -> None:
    client, _uuid = desk
    owner = make_owner(open_agency())
    uuid = make_draft(owner)
    save_file(owner, uuid, name="process.bpmn", content=b"<x", revision=1, now=NOW)
    save_file(owner, uuid, name="form.json", content=b"{", revision=1, now=NOW)
    sign_in(client, owner.user_id)
    for name in ("simulation", "preview", "preview_office", "steps"):
        answer = client.get(reverse(f"designer:{name}", args=[uuid]) + "?chay=1")
        assert 400 <= answer.status_code < 500, name
        assert "form.json" in answer.content.decode() or "process.bpmn" in answer.content.decode(), name
    for name in ("check", "diff", "golden", "bpmn", "form"):
        assert client.get(reverse(f"designer:{name}", args=[uuid])).status_code == 200, name


def test_the_form_is_tried_with_the_real_checks_and_nothing_is_kept(desk: tuple[Client, UUID]) -> None:
    client, uuid = desk
    address = reverse("designer:preview", args=[uuid])
    assert "Bạn là gì của bé?" in show(client, address)
    page = client.post(address, {"applicant_name": "x"}).content.decode()
    assert "govuk-error-message" in page
    assert "govuk-error-message" not in show(client, address)
    assert "Chuyên viên thụ lý" in show(client, reverse("designer:preview_office", args=[uuid]))


RULE = 'process = "{key}"\nfrom_version = 1\nto_version = 2\n'


@pytest.fixture
def two_versions() -> None:
    files = read_package()
    publish_package(files, slug=SLUG, now=NOW)
    drawn = files["process.bpmn"].replace("Đối chiếu".encode(), "Soát".encode())
    assert drawn != files["process.bpmn"]
    publish_package(files | {"process.bpmn": drawn}, slug=SLUG, now=NOW)


@pytest.mark.usefixtures("two_versions")
def test_a_rule_is_tried_first_and_then_applied(desk: tuple[Client, UUID]) -> None:
    client, _uuid = desk
    address = reverse("designer:migration", args=[CODE])
    [text] = re.findall(r"<textarea[^>]*>(.*?)</textarea>", show(client, address), re.S)
    key = re.findall(r"process = (?:&#34;|&quot;|\")([^&\"]+)", text)[0]
    tried = client.post(address, {"rule": RULE.format(key=key)})
    assert tried.status_code == 200
    assert "0 hồ sơ chuyển được" in tried.content.decode()  # nothing runs on this version: nothing to press
    assert 'name="apply"' not in tried.content.decode()
    applied = client.post(address, {"rule": RULE.format(key=key), "apply": "1"})
    assert applied.status_code == 302
    assert "Đã chuyển 0 hồ sơ" in show(client, applied["Location"])


@pytest.mark.usefixtures("two_versions")
@pytest.mark.parametrize(
    "rule",
    [
        "process = [",
        "x = 1",
        RULE.format(key="quy-trinh-khac"),
        RULE.format(key=SLUG).replace("= 2", "= 77"),
        RULE.format(key=SLUG) + "[elements]\nreceive = 5\n",
        RULE.format(key=SLUG) + "condition = '((('\n",
    ],
)
def test_a_rule_that_does_not_hold_is_refused_and_kept_to_be_mended(desk: tuple[Client, UUID], rule: str) -> None:
    client, _uuid = desk
    answer = client.post(reverse("designer:migration", args=[CODE]), {"rule": rule})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "govuk-error-summary" in page
    assert rule.splitlines()[0].split(" ")[0] in page[page.index("<textarea") :]
