"""Every address that names a dossier, a case, a task or a draft, tried by everybody who has no business with it.

The list is the address table itself: a page that is added later is tried too. Visitors are sent to sign in.
"""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from motcua.audit.public import SYSTEM
from motcua.cases.public import get_case, list_tasks
from motcua.dossiers.models import Dossier, Draft, Paper
from motcua.dossiers.tests.factories import City, file_dossier, make_city, make_draft, open_task
from motcua.identity.public import end_role, grant_role
from motcua.identity.tests.factories import make_official, make_resident, sign_in
from motcua.kernel import clock
from motcua.kernel.clock import local_date

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
NAMES_SOMETHING = {"draft_uuid", "dossier_no", "case_uuid", "task_uuid"}
OF_THE_READER = {"task_after"}  # shows the next task of whoever asks, nothing of the case in its address
WRITERS = ("a neighbour", "another office")
REQUESTS = "Xin xác nhận để bổ túc hồ sơ"


def list_addresses(city: City) -> list[tuple[str, str]]:
    """Return (name, address) of every page about the city's one dossier and one draft."""
    filed, draft = file_dossier(city), make_draft(city)
    known = {
        "draft_uuid": draft.uuid,
        "page_key": "thong-tin",
        "field_key": "to_khai",
        "file_uuid": draft.files[0].uuid,
        "dossier_no": filed.dossier_no,
        "paper_uuid": Paper.objects.get().uuid,
        "payment_uuid": uuid4(),
        "case_uuid": get_case(filed.case_id).uuid,
        "task_uuid": open_task(filed.case_id, "dossiers.receive").uuid,
        "kind": 1,
        "number": 1,
        "outcome": "accept",
    }
    found = []
    for app in ("dossiers", "cases"):
        for pattern in get_resolver().namespace_dict[app][1].url_patterns:
            assert isinstance(pattern, URLPattern)
            asked = set(pattern.pattern.converters)
            if asked & NAMES_SOMETHING:
                values = {name: known[name] for name in asked}
                found.append((str(pattern.name), reverse(f"{app}:{pattern.name}", kwargs=values)))
    return found


def make_strangers(city: City) -> dict[str, Client]:
    """Another resident; an official with every role elsewhere; one who worked here until today."""
    elsewhere = make_city()
    now = clock.now()
    roles = ("counter", "specialist", "leader")
    far = make_official(*roles, agency_id=elsewhere.agency.id)
    grant_role(
        far.user_id, role="operator", agency_id=elsewhere.agency.id, valid_from=local_date(now), actor=SYSTEM, now=now
    )
    former = make_official(*roles, agency_id=city.agency.id)
    for role in roles:
        end_role(former.user_id, role=role, agency_id=city.agency.id, on=local_date(now), actor=SYSTEM, now=now)
    users = {"a neighbour": make_resident().user_id, "another office": far.user_id, "once here": former.user_id}
    clients = {}
    for who, user_id in users.items():
        clients[who] = Client()
        sign_in(clients[who], user_id, stepped_up=True)
    return clients | {"a visitor": Client()}


def snapshot() -> tuple[object, ...]:
    case_id = Dossier.objects.get().case_id
    drafts = Draft.objects.order_by("pk").values_list("pk", "revision", "data", "owner_id", "submitted_case_id")
    return get_case(case_id), list_tasks(case_id), list(drafts)


def test_nobody_else_reads_or_moves_anything(city: City) -> None:
    addresses = list_addresses(city)
    assert len(addresses) > 35
    strangers, before, guarded = make_strangers(city), snapshot(), {address for _, address in addresses}
    for who, client in strangers.items():
        for name, address in addresses:
            for answer in (client.get(address), client.post(address, {"revision": 1, "reason": "x", "data": "{}"})):
                where = f"{who}: {answer.request['REQUEST_METHOD']} {name}"
                assert answer.status_code in (302, 303, 401, 403, 404, 405) or name in OF_THE_READER, where
                if answer.status_code in (302, 303):
                    to = answer["Location"]  # to sign in, or to another page that is guarded as well
                    assert "/dang-nhap/" in to or to in guarded, where
                text = answer.content.decode()
                assert city.resident.full_name not in text, where
                assert REQUESTS not in text, where
    assert snapshot() == before


def test_what_does_not_exist_answers_like_what_is_not_shown(city: City) -> None:
    filed = file_dossier(city)
    stranger = make_strangers(city)["another office"]
    mine = stranger.get(reverse("dossiers:case", args=[get_case(filed.case_id).uuid]))
    nothing = stranger.get(reverse("dossiers:case", args=[UUID(int=1)]))
    assert (mine.status_code, nothing.status_code) == (404, 404)
    assert mine.content.count(b"<p") == nothing.content.count(b"<p")
