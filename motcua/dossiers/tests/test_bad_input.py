"""What goes wrong at the very press of the button: what was not seen is not filed, what was typed is not lost."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from motcua.cases.public import get_case
from motcua.dossiers.models import Dossier, Draft, NumberSeries
from motcua.dossiers.public import DraftInfo
from motcua.dossiers.tests.factories import City, at, make_city, make_draft
from motcua.dossiers.tests.test_drafts import CONTENT, open_page, page_of, read_hidden
from motcua.identity.tests.factories import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def press(client: Client, draft: DraftInfo, **changed: str) -> Any:
    """Press the button of the review page."""
    data = {"declaration": "true", "client_key": str(draft.client_key)} | changed
    return client.post(reverse("dossiers:submit", args=[draft.uuid]), data)


def read_shown(client: Client, draft: DraftInfo) -> str:
    """Open the review page in a window and return the hash of what it shows."""
    return read_hidden(client.get(reverse("dossiers:review", args=[draft.uuid])).content.decode(), "shown")


def test_what_another_window_changed_is_not_filed_unseen(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    shown, other = read_shown(resident_client, draft), open_page(resident_client, draft.uuid)
    resident_client.post(page_of(draft), other | CONTENT | {"request_content": "Sửa ở cửa sổ kia"})
    response = press(resident_client, draft, shown=shown)
    html = response.content.decode()
    assert response.status_code == 409
    assert "Tờ khai đã đổi sau khi bạn mở trang này" in html
    assert "Sửa ở cửa sổ kia" in html
    assert not Dossier.objects.exists()
    assert press(resident_client, draft, shown=read_hidden(html, "shown")).status_code == 302
    assert Dossier.objects.get().form_data["request_content"] == "Sửa ở cửa sổ kia"


def test_a_window_that_changed_nothing_stands_in_nobodys_way(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    other = open_page(resident_client, draft.uuid)
    resident_client.post(page_of(draft), other | CONTENT)
    shown, again = read_shown(resident_client, draft), open_page(resident_client, draft.uuid)
    resident_client.post(page_of(draft), again | CONTENT)
    assert press(resident_client, draft, shown=shown).status_code == 302
    assert press(resident_client, draft, shown="một trang cũ hơn nữa").status_code == 302  # filed: the first answer
    assert Dossier.objects.count() == 1


def test_filing_in_the_last_minute_before_tet_says_the_day_after_the_holidays() -> None:
    with time_machine.travel(at("2026-02-13 23:59"), tick=True):
        city, client = make_city(), Client()
        sign_in(client, city.resident.user_id)
        draft = make_draft(city)
        response = press(client, draft, shown=read_shown(client, draft))
        assert response.status_code == 302
        dossier = Dossier.objects.get()
        page = client.get(response["Location"]).content.decode()
    term = city.procedure.term
    assert (term.amount, term.unit) == (3, "workday")
    assert "260213" in dossier.dossier_no  # received on the day on which it was sent
    assert get_case(dossier.case_id).due_at == at("2026-02-26 07:30")  # the clock starts with the office, on the 23rd
    assert "26/02/2026" in page


@pytest.mark.django_db(transaction=True)
def test_a_database_connection_lost_while_filing_leaves_nothing_half_done() -> None:
    city = make_city()
    draft, client = make_draft(city), Client(raise_request_exception=False)
    sign_in(client, city.resident.user_id)
    read_shown(client, draft)
    with psycopg.connect(**_parameters()) as other, ThreadPoolExecutor(1) as pool:
        other.execute("SELECT id FROM dossiers_draft WHERE uuid = %s FOR UPDATE", [draft.uuid])
        pressed = pool.submit(_press_alone, client, draft)
        _end_who_waits()
        response = pressed.result(timeout=30)
    html = response.content.decode()
    assert response.status_code == 500
    assert "hệ thống chỉ nhận một hồ sơ" in html
    assert not Dossier.objects.exists()
    assert not NumberSeries.objects.filter(series="dossier").exists()
    assert Draft.objects.get().data["request_content"] == draft.data["request_content"]
    assert press(client, draft).status_code == press(client, draft).status_code == 302
    assert Dossier.objects.count() == 1


def _press_alone(client: Client, draft: DraftInfo) -> Any:
    try:
        return press(client, draft)
    finally:
        connection.close()


def _end_who_waits() -> None:
    """Cut the connection that waits for the draft's lock: in the middle of the writing of a filing."""
    until = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchall():
                return
            time.sleep(0.02)
    pytest.fail("nobody waited for the draft")


def _parameters() -> dict[str, Any]:
    given = connection.settings_dict
    return {"dbname": given["NAME"], "user": given["USER"], "password": given["PASSWORD"], "host": given["HOST"]}
