"""Runs inside a city: `python -m tests.faults.preparing drafts|to_sign|signed|stewards COUNT` makes what is named.

Prints JSON: drafts that only wait for the button with the session of their owner, cases whose result waits for the
leader, or is due; for stewards of the register of people, loads with a bad row, records that wait, pairs of records.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

BIRTH_REGISTRATION = "1.001193"


def main() -> None:
    import django

    django.setup()
    what, count = sys.argv[1], int(sys.argv[2])
    kinds: dict[str, Callable[[int], Any]] = {
        "drafts": prepare_drafts, "to_sign": prepare_to_sign, "signed": prepare_signed, "stewards": prepare_stewards,
    }  # fmt: skip
    made = kinds[what](count)
    sys.stdout.write(json.dumps(made) + "\n")


def prepare_drafts(count: int) -> dict[str, Any]:
    """Make drafts of one resident, ready to be submitted, and sign her in."""
    from django.conf import settings
    from django.test import Client

    from motcua.identity.tests.factories import sign_in
    from motcua.kernel import clock

    person = find_resident()
    client = Client()
    sign_in(client, person.user_id)
    drafts = [make_draft(person, number=number, now=clock.now()) for number in range(count)]
    return {
        "session": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "drafts": [{"uuid": str(draft.uuid), "client_key": str(draft.client_key)} for draft in drafts],
    }


def prepare_signed(count: int) -> list[int]:
    """File, accept, appraise and approve; the event that asks for the signed result waits. Return the cases."""
    from motcua.dossiers.public import get_folder, sign_result
    from motcua.kernel import clock

    cases = prepare_to_sign(count)
    for case_id in cases:
        draft = get_folder(case_id).draft_result
        assert draft is not None, "the draft of the result was not drawn"
        sign_result(make_hand(case_id), shown_sha256=draft.sha256, note="", now=clock.now())
    return cases


def prepare_to_sign(count: int) -> list[int]:
    """File, accept and appraise; the drawn results wait for the leader. Return the cases."""
    from motcua.audit.public import Actor
    from motcua.dossiers.public import accept_dossier, file_draft
    from motcua.kernel import clock
    from motcua.outbox.public import drain

    person, cases = find_resident(), []
    assert person.user_id is not None
    actor = Actor(kind="resident", id=str(person.uuid), name=person.full_name)
    for number in range(count):
        now = clock.now()
        filed = file_draft(
            make_draft(person, number=number, now=now), submitter_id=person.user_id, submitter_name=person.full_name,
            submitter_person_id=person.id, actor=actor, now=now,
        )  # fmt: skip
        accept_dossier(make_hand(filed.case_id), note="", now=now)
        appraise(filed.case_id, now=now)
        cases.append(filed.case_id)
    drain(now=clock.now())
    return cases


def appraise(case_id: int, *, now: datetime) -> None:
    """Propose yes until the leader's turn: another journey of this city may have drawn one more check."""
    from motcua.dossiers.public import appraise_dossier
    from motcua.outbox.public import drain

    for _check in range(3):
        hand = make_hand(case_id)
        if hand.task.role == "leader":
            return
        appraise_dossier(hand, outcome="approve", note="Hợp lệ.", result_fields={}, now=now)
        drain(now=now)  # the result is drawn before the leader's turn comes
    assert make_hand(case_id).task.role == "leader", "the case never reaches its leader"


def prepare_stewards(count: int) -> dict[str, str]:
    """Send a file of which one row is refused, measure the register, leave a record and a pair of records waiting."""
    from motcua.audit.public import SYSTEM
    from motcua.kernel import clock
    from motcua.linkage.public import RunInfo, ScoredPair, apply_links, keep_run
    from motcua.outbox.public import drain
    from motcua.registers.actions.measuring import measure_register
    from motcua.registers.models import CaseRecord, Register
    from motcua.registers.public import Source, load_register, write_record

    now = clock.now()
    rows = [
        (n + 2, {"personal_id": f"0791880{count:02d}{n:03d}", "full_name": f"Lê Văn Nạp Thử {n}"}) for n in range(count)
    ]
    source = Source(file_name="dan-cu.csv", sha256=f"{count:064x}", sender="Phường Thử", valid_from=now)
    load_register("people", lambda: iter([*rows, (count + 2, {"personal_id": "x"})]), source=source, now=now)
    CaseRecord.objects.create(
        case_ref=f"H29.901-261122-9{count:03d}", rule="1", register=Register.objects.get(code="people"), valid_from=now,
        created_at=now, data={"full_name": "Nguyễn Chờ Thử", "personal_id": "079"}, source="Phường Thử",
        problems=[{"field": "personal_id", "message": "Số định danh gồm 12 chữ số."}],
    )  # fmt: skip
    twin = {"full_name": "Phạm Thị Hai Sổ", "birth_on": "1990-02-03"}
    twice = [
        write_record(
            "people", twin | {"personal_id": f"079189{count:02d}000{n}"}, valid_from=now, source=f"Phường Thử {n}",
            now=now,
        ).uuid
        for n in range(4)
    ]  # fmt: skip
    pairs = [
        ScoredPair(
            left_register="people", left_uuid=min(twice[n : n + 2]), right_register="people",
            right_uuid=max(twice[n : n + 2]), weight=4.0 + n * 8, is_sure=n > 0,
            levels={"name": "same", "birth": "swapped", "id": "null", "sex": "same"},
        )
        for n in (0, 2)
    ]  # fmt: skip
    info = RunInfo(registers=("people",), engine="duckdb", model_sha256="0" * 64, report={}, started_at=now)
    apply_links(keep_run(info, pairs=pairs, actor=SYSTEM, now=now), actor=SYSTEM, now=now)
    drain(now=now)
    measure_register("people", now=now)
    return {"person": rows[0][1]["personal_id"]}


def find_resident() -> Any:
    from motcua.identity.public import find_person_by_personal_id
    from motcua.project.demo_city.people import RESIDENTS

    person = find_person_by_personal_id(RESIDENTS[0].personal_id)
    assert person is not None
    return person


def make_draft(person: Any, *, number: int, now: datetime) -> Any:
    """Make one draft of a birth registration with every answer and every paper."""
    from motcua.documents.public import render_pdf, store_document
    from motcua.dossiers.models import Draft, DraftFile
    from motcua.dossiers.public import choose_applicant, start_draft
    from motcua.identity.public import PartyRef
    from motcua.kernel.clock import local_date
    from motcua.procedures.public import find_procedure, get_form
    from motcua.project.demo_city import PAPER_TEMPLATE
    from motcua.project.demo_city.answers import make_answers
    from motcua.project.demo_city.people import RESIDENTS

    who = RESIDENTS[0]
    procedure = find_procedure(BIRTH_REGISTRATION, on=local_date(now))
    assert procedure is not None
    form = get_form(procedure.version_id)
    answers = make_answers(form, who=who, chance=random.Random(number), today=local_date(now))
    answers |= {item.key: who.area_code for item in form.fields if item.kind == "area" and item.key in answers}
    info, _code = start_draft(procedure.version_id, owner_id=person.user_id, data=answers, now=now)
    file = store_document(
        render_pdf(PAPER_TEMPLATE, {"title": "Giấy tờ"}), filename="giay-to.pdf", media_type="application/pdf",
        purpose="upload", now=now,
    )  # fmt: skip
    draft = Draft.objects.get(uuid=info.uuid)
    for item in form.fields:
        if item.type == "filepicker" and item.required:
            DraftFile.objects.create(draft=draft, field_key=item.key, file_id=file.id, created_at=now)
    return choose_applicant(info.uuid, ref=PartyRef("person", person.id), result_channel="online", now=now)


def make_hand(case_id: int) -> Any:
    """Return the official whose turn it is, with the open task."""
    from motcua.cases.public import list_tasks
    from motcua.dossiers.public import Hand
    from motcua.identity.public import list_officials
    from motcua.identity.tests.factories import make_principal
    from motcua.kernel.clock import local_date, now

    for _attempt in range(600):  # a worker of this city may hold the event that opens the next task
        if tasks := list_tasks(case_id, only_open=True):
            break
        time.sleep(0.1)
    task = tasks[0]
    official = list_officials(task.agency_id, role=task.role, on=local_date(now()))[0]
    principal = make_principal(official.user_id)
    return Hand(
        task=task, revision=task.revision, user_id=principal.user_id, name=principal.full_name,
        actor=principal.to_actor(),
    )  # fmt: skip


if __name__ == "__main__":
    main()
