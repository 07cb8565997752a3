"""How much is still asked of people: counted from forms and from dossiers, in a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from motcua.dossiers.models import SparedPaper
from motcua.dossiers.queries.asked import count_asked
from motcua.dossiers.tests.factories import City, captured_queries, file_dossier, get_dossier
from motcua.identity.tests.factories import make_official, sign_in
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.ui.tests.html import words

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_forms_and_dossiers_are_counted(city: City) -> None:
    today = local_date(clock.now())
    (before,) = count_asked(on=today)
    assert (before.code, before.papers_asked, before.papers_known, before.dossiers) == (city.procedure.code, 2, 0, 0)
    assert before.facts_typed > 0 and before.facts_known > 0
    dossier = get_dossier(file_dossier(city))
    SparedPaper.objects.create(dossier=dossier, code="anh", name="Ảnh", by="vault", says="x", reference={"a": "b"},
                               solved_at=clock.now())  # fmt: skip
    (after,) = count_asked(on=today)
    assert (after.dossiers, after.papers_handed_in, after.papers_spared) == (1, 1, 1)
    assert count_asked(on=today, first_on=today + timedelta(days=1))[0].dossiers == 0


@pytest.mark.slow
def test_queries_do_not_grow_with_dossiers(city: City) -> None:
    today = local_date(clock.now())
    file_dossier(city)
    count_asked(on=today)
    with captured_queries() as few:
        count_asked(on=today)
    file_dossier(city)
    file_dossier(city)
    with captured_queries() as many:
        count_asked(on=today)
    assert len(few) == len(many) <= 10


@pytest.mark.slow
def test_the_page_is_for_those_who_can_ask_less(city: City) -> None:
    client = Client()
    sign_in(client, make_official("process_owner", agency_id=city.agency.id).user_id)
    page = words(client.get(reverse("dossiers:asked")))
    assert city.procedure.name in page and "Giấy tờ không phải nộp" in page
    assert client.get(reverse("dossiers:asked"), {"tu": "hôm qua"}).status_code == 422
    assert city.procedure.code in words(client.get(reverse("dossiers:asked"), {"q": "KHAI TRINH thu"}))
    assert "Không có thủ tục nào" in words(client.get(reverse("dossiers:asked"), {"q": "zzz"}))
    assert city.procedure.code not in words(client.get(reverse("dossiers:asked"), {"trang": "2"}))
    sign_in(client, city.counter.user_id)
    assert client.get(reverse("dossiers:asked")).status_code == 403
    sign_in(client, city.resident.user_id)
    assert client.get(reverse("dossiers:asked")).status_code == 403


def test_the_command_prints_what_the_page_shows(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("count_asked")
    told = capsys.readouterr().out
    assert city.procedure.code in told and "Tổng 1 thủ tục" in told
