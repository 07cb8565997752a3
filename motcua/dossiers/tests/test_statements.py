"""How many statements the pages take that everybody opens all day: what grows here is paid at every press."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from motcua.dossiers.tests.factories import City, captured_queries, file_dossier, make_draft, open_task
from motcua.dossiers.tests.test_drafts import CONTENT, autosave_of, open_page, page_of
from motcua.identity.tests.factories import sign_in

pytestmark = pytest.mark.django_db


def list_statements(ask: Callable[[], Any]) -> list[str]:
    """Return what a request asks of the database once the process is warm."""
    for _time in range(2):
        with captured_queries() as queries:
            assert ask().status_code in (200, 302)
    return [query["sql"] for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]]


@pytest.mark.slow
def test_filing(city: City, resident_client: Client) -> None:
    def press() -> Any:
        data = {"declaration": "true", "client_key": str(draft.client_key)}
        return resident_client.post(reverse("dossiers:submit", args=[draft.uuid]), data)

    for _time in range(2):
        draft = make_draft(city)
        with captured_queries() as queries:
            assert press().status_code == 302
    statements = [query["sql"] for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 16, statements


def test_a_page_of_the_form(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    statements = list_statements(lambda: resident_client.get(page_of(draft)))
    assert len(statements) <= 3, statements


def test_saving_by_itself(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    window = open_page(resident_client, draft.uuid)
    statements = list_statements(lambda: resident_client.post(autosave_of(draft), window | CONTENT))
    assert len(statements) <= 6, statements


@pytest.mark.slow
def test_going_on(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    window = open_page(resident_client, draft.uuid)
    statements = list_statements(lambda: resident_client.post(page_of(draft), window | CONTENT))
    assert len(statements) <= 12, statements


def test_the_review_page(city: City, resident_client: Client) -> None:
    draft = make_draft(city)
    statements = list_statements(lambda: resident_client.get(reverse("dossiers:review", args=[draft.uuid])))
    assert len(statements) <= 5, statements


@pytest.mark.slow
def test_the_inbox_and_a_task(city: City) -> None:
    filed, client = file_dossier(city), Client()
    sign_in(client, city.counter.user_id)
    statements = list_statements(lambda: client.get(reverse("cases:inbox")))
    assert len(statements) <= 7, statements
    task = open_task(filed.case_id, "dossiers.receive")
    statements = list_statements(lambda: client.get(reverse("dossiers:task", args=[task.uuid])))
    assert len(statements) <= 23, statements
