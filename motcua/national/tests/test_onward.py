"""Dossiers and results go on: signed, once, and another city could take them in as they are."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from motcua.audit.public import SYSTEM
from motcua.cases.public import get_case
from motcua.documents.public import verify_bytes
from motcua.dossiers.public import Hand, accept_dossier, appraise_dossier, get_folder, sign_result
from motcua.dossiers.tests.factories import ANSWERS, City, file_dossier, open_task
from motcua.identity.tests.factories import make_principal
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.national.actions.onward import send_onward
from motcua.national.actions.receiving import receive_package
from motcua.national.adapters.simulator import PortalSimulator
from motcua.national.models import Intake, Onward
from motcua.national.rules.packages import read_package
from motcua.national.tasks import send_onwards
from motcua.national.tests.factories import make_package, running_portal, sign_package
from motcua.outbox.public import drain

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=3)


def hand(city: City, case_id: int, role: str, screen: str) -> Hand:
    task, who = open_task(case_id, screen), make_principal(city.official(role).user_id)
    return Hand(task=task, revision=task.revision, user_id=who.user_id, name=who.full_name, actor=who.to_actor())


def read_given(portal: PortalSimulator) -> tuple[bytes, str]:
    (given,) = portal.given.values()
    return base64.b64decode(given["GoiTin"]), given["ChuKy"]


@pytest.mark.slow
def test_a_dossier_sent_on_is_a_package_that_a_city_like_ours_takes_in(city: City, settings: Any) -> None:
    now = clock.now()
    case = get_case(file_dossier(city, now=now).case_id)
    assert send_onward(case.id, kind="dossier", target="H01", actor=SYSTEM, now=now)
    assert not send_onward(case.id, kind="dossier", target="H01", actor=SYSTEM, now=now)
    with running_portal(settings, faults=frozenset({"down"}), chance=1.0) as portal:
        assert send_onwards(now=now) == 0 and Onward.objects.get().last_error
        portal.door.faults = frozenset()
        assert send_onwards(now=now) == 0  # not due yet
        assert send_onwards(now=now + LATER) == 1 and send_onwards(now=now + 2 * LATER) == 0
        content, signature = read_given(portal)
    assert Onward.objects.get().outcome == "accepted"
    package = read_package(content)
    assert package.problems == () and package.national_code == case.code
    assert dict(package.answers) == dict(get_folder(case.id).dossier.form_data)
    assert verify_bytes(content, signature, now=now).is_trusted
    settings.MOTCUA_NATIONAL_SIGNERS = (verify_bytes(content, signature, now=now).signer_name,)
    receive_package(content, signature, now=now + LATER)
    drain(now=now + LATER)
    assert Intake.objects.get().state == "taken"


@pytest.mark.slow
def test_the_result_of_a_dossier_of_the_portal_goes_back_to_it(city: City, settings: Any) -> None:
    now = clock.now()
    receive_package(*sign_package(make_package(now=now), now=now), now=now)
    drain(now=now)
    case_id = Intake.objects.get().case_id
    assert case_id is not None
    accept_dossier(hand(city, case_id, "counter", "dossiers.receive"), note="", now=now)
    drain(now=now)
    appraise_dossier(hand(city, case_id, "specialist", "dossiers.appraise"), outcome="approve", note="", now=now,
                     result_fields={})  # fmt: skip
    drain(now=now)
    draft = get_folder(case_id).draft_result
    assert draft is not None
    sign_result(hand(city, case_id, "leader", "dossiers.sign"), shown_sha256=draft.sha256, note="", now=now)
    drain(now=now)
    row = Onward.objects.get()
    assert (row.kind, row.target) == ("result", "national")
    with running_portal(settings) as portal:
        assert send_onwards(now=now + LATER) == 1
        package = read_package(read_given(portal)[0])
    result = get_folder(case_id).result
    assert result is not None and package.kind == "result" and package.files[0].sha256 == result.sha256
    assert package.answers["MaXacMinh"] == result.verification_code


def test_the_table_keeps_its_promises(city: City) -> None:
    now = clock.now()
    case = get_case(file_dossier(city, now=now).case_id)
    send_onward(case.id, kind="dossier", target="H01", actor=SYSTEM, now=now)
    good = {"case_id": case.id, "kind": "dossier", "target": "H02", "created_at": now, "next_try_at": now}
    for wrong in ({"target": "H01"}, {"kind": "gift"}, {"outcome": "lost"}, {"outcome": "accepted"}, {"acked_at": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Onward.objects.create(**(good | wrong))


@pytest.mark.slow
def test_the_commands_say_how_it_stands(city: City, settings: Any, capsys: Any) -> None:
    now = clock.now()
    with pytest.raises(CommandError, match="MOTCUA_NATIONAL_URL"):
        call_command("sync_national")
    file_dossier(city, now=now - timedelta(minutes=5))
    drain(now=now)
    with running_portal(settings) as portal:
        package = make_package(now=now, answers=ANSWERS | {"la": 1})
        portal.packages = {package.national_code: sign_package(package, now=now)}
        call_command("sync_national")
        assert "Gói hồ sơ mới: 1; chờ người xem: 1." in capsys.readouterr().out
        call_command("national_differences", date=local_date(now - timedelta(minutes=5)))
        assert "chưa giải thích 0" in capsys.readouterr().out
        portal.lines[0]["TrangThaiHoSo"] = 8
        with pytest.raises(CommandError, match="chưa giải thích"):
            call_command("national_differences", date=local_date(now - timedelta(minutes=5)), resend=True)
        call_command("sync_national")
        call_command("national_differences", date=local_date(now - timedelta(minutes=5)))
    settings.MOTCUA_NATIONAL_URL = ""
    with pytest.raises(CommandError):
        call_command("national_differences")
    settings.DEMO_MODE = False
    with pytest.raises(CommandError, match="trình diễn"):
        call_command("simulate_national")
