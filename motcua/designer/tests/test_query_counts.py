"""The lists ask the database as often for many rows as for few."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.designer.actions.approvals import submit_draft
from motcua.designer.actions.comments import add_comment
from motcua.designer.actions.drafts import save_file
from motcua.designer.models import Submission
from motcua.designer.tests.factories import (
    NOW,
    SLUG,
    make_draft,
    make_owner,
    open_agency,
    read_package,
    staff_office,
)
from motcua.identity.tests.factories import sign_in
from motcua.procedures.public import publish_package

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CODE = "1.001193"


def count(client: Client, address: str) -> int:
    client.get(address)  # what is remembered by the process is asked for now
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(queries)


def signed_in_owner(agency_id: int) -> Client:
    client = Client()
    sign_in(client, make_owner(agency_id).user_id)
    return client


def test_drafts_by_many_people() -> None:
    agency_id = open_agency()
    client, address = signed_in_owner(agency_id), reverse("designer:home")
    make_draft(make_owner(agency_id))
    few = count(client, address)
    for number in range(12):
        make_draft(make_owner(agency_id, f"Người Soạn {number}"), title=f"Bản thảo {number}")
    assert count(client, address) == few <= 14


def test_procedures_and_their_versions_and_drafts() -> None:
    agency_id, files = open_agency(), read_package()
    owner = make_owner(agency_id)
    client = signed_in_owner(agency_id)
    addresses = [reverse("designer:procedures"), reverse("designer:procedure", args=[CODE])]
    publish_package(files, slug=SLUG, now=NOW)
    make_draft(owner)
    few = [count(client, address) for address in addresses]
    for number in range(1, 6):
        changed = files | {"result.typ": files["result.typ"] + b"\n// %d\n" % number}
        publish_package(changed, slug=SLUG, now=NOW + timedelta(days=number))
        make_draft(make_owner(agency_id, f"Người Soạn {number}"))
    publish_package(read_package("dang-ky-khai-tu"), slug="dang-ky-khai-tu", now=NOW)
    assert [count(client, address) for address in addresses] == few
    assert max(few) <= 24


def test_history_files_and_comments() -> None:
    agency_id = open_agency()
    owner = make_owner(agency_id)
    uuid = make_draft(owner)
    add_comment(owner, uuid, file="form.json", element_id="", text="Góp ý đầu", now=NOW)
    client = signed_in_owner(agency_id)
    addresses = [reverse(f"designer:{name}", args=[uuid]) for name in ("history", "files", "comments", "draft")]
    few = [count(client, address) for address in addresses]
    for number in range(1, 9):
        who, at = make_owner(agency_id, f"Người Sửa {number}"), NOW + timedelta(hours=number)
        save_file(who, uuid, name="result.typ", content=b"%d" % number, revision=number, now=at)
        save_file(who, uuid, name=f"golden/mau-{number}.json", content=b"{}", revision=0, now=at)
        add_comment(who, uuid, file="form.json", element_id="", text=f"Góp ý {number}", now=at)
    assert [count(client, address) for address in addresses] == few
    assert max(few) <= 16


def test_requests_for_approval() -> None:
    agency_id = open_agency()
    staff_office(agency_id)
    client, address = signed_in_owner(agency_id), reverse("designer:approvals")
    counts = []
    for number in range(6):
        owner = make_owner(agency_id, f"Người Trình {number}")
        submit_draft(owner, make_draft(owner), now=NOW)
        counts.append(count(client, address))
    assert Submission.objects.filter(state="waiting").count() == 6
    assert counts == [counts[0]] * 6
    assert counts[0] <= 14
