"""Test data of dossiers, for its own tests and its neighbours'."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.cases.public import TaskInfo, list_tasks
from motcua.documents.public import ensure_demo_key
from motcua.documents.tests.factories import make_image
from motcua.dossiers.models import Dossier, Draft
from motcua.dossiers.public import DraftInfo, Filed, file_draft, start_draft
from motcua.dossiers.queries.drafts import get_live_draft
from motcua.dossiers.queries.facts import prefill_answers
from motcua.identity.public import OfficialInfo, PartyRef, PersonInfo, get_party
from motcua.identity.tests.factories import make_official, make_principal, make_resident
from motcua.kernel import clock
from motcua.kernel.clock import local_date
from motcua.places.public import AgencyInfo, create_agency, ensure_city_areas
from motcua.procedures.public import ProcedureDetail, find_procedure, load_designed_procedures

PACKAGES = Path(__file__).parent / "fixtures" / "packages"
CODE = "9.000777"
WARD = "26743"  # Bến Thành
LONG_AGO = date(2025, 7, 1)
_serial = count(1)
ANSWERS: dict[str, Any] = {
    "full_name": "Nguyễn Thị Thử",
    "birth_on": "1990-05-17",
    "area": WARD,
    "request_content": "Xin xác nhận để bổ túc hồ sơ",
    "has_child": "no",
}


@dataclass(frozen=True, slots=True)
class City:
    """A small city: one ward's office with its staff, one resident, one procedure."""

    agency: AgencyInfo
    counter: OfficialInfo
    specialist: OfficialInfo
    leader: OfficialInfo
    resident: PersonInfo
    procedure: ProcedureDetail

    def official(self, role: str) -> OfficialInfo:
        """Return who holds the role."""
        found: OfficialInfo = getattr(self, role)
        return found


def make_city() -> City:
    """Build the small city; its areas are the shipped table."""
    now = clock.now()
    ensure_city_areas()
    serial = next(_serial)
    agency = create_agency(
        f"H29.26743.{serial}",
        name=f"Ủy ban nhân dân phường Bến Thành {serial}",
        short_name="UBND phường Bến Thành",
        kind="people_committee",
        level="commune",
        area_code=WARD,
        valid_from=LONG_AGO,
        address="1 Lê Lợi",
        phone="+842838291111",
    )
    ensure_demo_key(agency.code, agency.name, now=now)
    load_designed_procedures(now=now, folder=PACKAGES)
    procedure = find_procedure(CODE, on=local_date(now))
    assert procedure is not None
    staff = {
        role: make_official(role, agency_id=agency.id, full_name=f"Cán bộ {role} {serial}")
        for role in ("counter", "specialist", "leader")
    }
    resident = make_resident(area_code=WARD, address="2 Lê Lợi", phone="0912345678")
    return City(agency=agency, resident=resident, procedure=procedure, **staff)


def make_draft(city: City, *, person: PersonInfo | None = None, **values: Any) -> DraftInfo:
    """Begin a draft of the resident with every answer and the one required paper."""
    person = person or city.resident
    now = values.pop("now", None) or clock.now()
    data = ANSWERS | values.pop("data", {})
    party = get_party(PartyRef("person", person.id))
    draft, _code = start_draft(
        city.procedure.version_id,
        owner_id=values.pop("owner_id", person.user_id),
        applicant=party.ref,
        data=prefill_answers(city.procedure.version_id, party, submitter_person_id=person.id) | data,
        now=now,
        **values,
    )
    add_clean_file(draft, "to_khai", now=now)
    return get_live_draft(draft.uuid, now=now)


def add_clean_file(draft: DraftInfo, field_key: str, *, now: datetime | None = None, name: str = "to-khai.png") -> None:
    """Lay a clean picture beside a field of a draft."""
    from motcua.documents.public import store_document
    from motcua.dossiers.models import DraftFile

    now = now or clock.now()
    file = store_document(make_image("PNG"), filename=name, media_type="image/png", purpose="upload", now=now)
    row = Draft.objects.get(uuid=draft.uuid)
    DraftFile.objects.create(draft=row, field_key=field_key, file_id=file.id, created_at=now)


def file_dossier(city: City, *, now: datetime | None = None, person: PersonInfo | None = None, **values: Any) -> Filed:
    """File a whole dossier of the resident without HTTP."""
    now, person = now or clock.now(), person or city.resident
    draft = make_draft(city, person=person, now=now, **values)
    assert person.user_id is not None
    principal = make_principal(person.user_id)
    return file_draft(
        draft,
        submitter_id=principal.user_id,
        submitter_name=principal.full_name,
        submitter_person_id=principal.person_id,
        actor=principal.to_actor(),
        now=now,
    )


def open_task(case_id: int, screen: str) -> TaskInfo:
    """Return the open task of a case that this screen shows."""
    return next(task for task in list_tasks(case_id, only_open=True) if task.screen == screen)


def act(client: Client, task: TaskInfo, outcome: str, **data: Any) -> Any:
    """Post one decision on a task as it is shown now."""
    name = "dossiers:task_sign" if outcome == "sign" else "dossiers:task_act"
    args = [task.uuid] if outcome == "sign" else [task.uuid, outcome]
    return client.post(reverse(name, args=args), {"revision": task.revision, **data})


def upload(
    name: str = "to-khai.png", content: bytes | None = None, media_type: str = "image/png"
) -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, make_image("PNG") if content is None else content, content_type=media_type)


def get_dossier(filed: Filed) -> Dossier:
    """Return the row of a filed dossier."""
    return Dossier.objects.get(case_id=filed.case_id)


@contextmanager
def captured_queries() -> Iterator[CaptureQueriesContext]:
    """Count the statements that run inside."""
    with CaptureQueriesContext(connection) as queries:
        yield queries


def at(text: str) -> datetime:
    """Return the city's moment '2026-02-13 16:00' in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.HCM).astimezone(UTC)
