"""Test data of the spine, for its own tests and its neighbours'."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from motcua.audit.public import SYSTEM, Actor
from motcua.cases.models import Incident, ServiceCall
from motcua.cases.public import (
    CaseInfo,
    OpenCase,
    ProcessVersionInfo,
    TaskInfo,
    complete_service,
    complete_task,
    deploy_process,
    list_tasks,
    open_case,
)
from motcua.identity.public import OfficialInfo, Principal
from motcua.identity.tests.factories import make_official, make_principal
from motcua.kernel.clock import HCM
from motcua.places.public import AgencyInfo
from motcua.places.tests import factories as places
from motcua.process.tests import drawings as d

_serial = count(1)
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=HCM).astimezone(UTC)  # an ordinary working Monday morning
ROLES = ("counter", "specialist", "leader")


@cache
def one_stop_xml() -> bytes:
    """The standard one-stop process, small, with a payment wait."""
    return (Path(__file__).parent / "one_stop.bpmn").read_bytes()


def at(text: str) -> datetime:
    """Return the city's moment '2026-02-13 16:00' in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=HCM).astimezone(UTC)


def deploy_one_stop(now: datetime = MONDAY) -> ProcessVersionInfo:
    """Deploy the test process (once: by its hash)."""
    return deploy_process("one-stop-test", xml=one_stop_xml(), now=now)


@dataclass(frozen=True, slots=True)
class Office:
    """An agency with one official in each role."""

    agency: AgencyInfo
    counter: OfficialInfo
    specialist: OfficialInfo
    leader: OfficialInfo

    def official(self, role: str) -> OfficialInfo:
        """Return who holds the role."""
        found: OfficialInfo = getattr(self, role)
        return found


def make_agency(**values: Any) -> AgencyInfo:
    """Register an agency under an invented code."""
    serial = next(_serial)
    return places.make_agency(f"H29.98.{serial}", **{"name": f"Ủy ban nhân dân phường Thử {serial}"} | values)


def make_office(**values: Any) -> Office:
    """Register an agency with its staff."""
    agency = make_agency(**values)
    staff = {role: make_official(role, agency_id=agency.id, full_name=f"Cán bộ {role}") for role in ROLES}
    return Office(agency=agency, **staff)


def make_command(agency_id: int, **values: Any) -> OpenCase:
    """Build the command that opens an invented dossier."""
    serial = next(_serial)
    defaults: dict[str, Any] = {
        "kind": "dossier",
        "code": f"H29.1-260302-{serial:04d}",
        "title": "Đăng ký khai sinh",
        "subject_code": "1.001193",
        "subject_title": "Đăng ký khai sinh",
        "agency_id": agency_id,
        "applicant_kind": "person",
        "applicant_id": 10_000 + serial,
        "applicant_name": "Nguyễn Thị Thử",
        "channel": "online",
        "term_amount": 5,
        "term_unit": "workday",
    }
    values = defaults | values
    if "process_version_id" not in values:
        values["process_version_id"] = deploy_one_stop().id
    return OpenCase(**values)


def make_case(agency_id: int, *, now: datetime = MONDAY, **values: Any) -> CaseInfo:
    """Open an invented dossier."""
    return open_case(make_command(agency_id, **values), actor=SYSTEM, now=now)


def open_task(case_id: int) -> TaskInfo:
    """Return the one open task of a case."""
    (task,) = list_tasks(case_id, only_open=True)
    return task


def act_as(official: OfficialInfo) -> Actor:
    """Return the official as the log names them."""
    return Actor(kind="official", id=str(official.user_uuid), name=official.full_name)


def do_task(case_id: int, outcome: str, *, by: OfficialInfo, now: datetime, **values: Any) -> CaseInfo:
    """Complete the one open task of a case."""
    task = open_task(case_id)
    return complete_task(
        values.get("task_uuid", task.uuid),
        revision=task.revision,
        actor=act_as(by),
        user_id=by.user_id,
        outcome=outcome,
        data=values.get("data", {}),
        note=values.get("note", ""),
        now=now,
    )


def do_service(case_id: int, *, now: datetime, **outputs: Any) -> CaseInfo:
    """Answer the one service that the case waits for."""
    call = ServiceCall.objects.get(case_id=case_id, state="requested")
    return complete_service(case_id, call.token, outputs=outputs, actor=SYSTEM, now=now)


def principal_of(official: OfficialInfo) -> Principal:
    """Return the official as a signed-in principal."""
    return make_principal(official.user_id)


def make_stuck_case(agency_id: int, *, now: datetime = MONDAY) -> CaseInfo:
    """Open a case whose service answers what no branch of the drawing leads on from: an incident waits."""
    parts = (
        d.start(), d.service("s"), d.gateway("x"), d.user("a"), d.user("b"), d.end(), d.chain("start", "s", "x"),
        d.flow("x", "a", "=n = 1"), d.flow("x", "b", "=n = 2"), d.chain("a", "end"), d.chain("b", "end"),
    )  # fmt: skip
    version = deploy_process("stuck-test", xml=d.drawing(*parts, process_id="stuck-test"), now=now)
    case = open_case(make_command(agency_id, process_version_id=version.id), actor=SYSTEM, now=now)
    return do_service(case.id, now=now, n=3)


def mend_incident(incident_uuid: UUID, *, n: int) -> None:
    """Put another answer of the service into what came, as a mended service would."""
    event = {"kind": "service", "token": Incident.objects.get(uuid=incident_uuid).event["token"], "outputs": {"n": n}}
    Incident.objects.filter(uuid=incident_uuid).update(event=event)
