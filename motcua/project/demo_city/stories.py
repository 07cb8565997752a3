"""Two hundred dossiers told as stories: each is a generator that acts, then says when it will act again.

All stories run on one simulated clock (`run_stories`), so deadlines, timers and numbers fall as they would in life.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from motcua.audit.public import Actor
from motcua.cases.public import TaskInfo, fire_due_timers, get_case, list_tasks
from motcua.documents.public import scan_file
from motcua.dossiers.public import (
    Filed,
    Hand,
    SupplementItems,
    accept_dossier,
    add_draft_file,
    answer_supplement,
    apologise,
    appraise_dossier,
    choose_applicant,
    deliver_result,
    file_draft,
    get_folder,
    refuse_dossier,
    request_supplement,
    save_supplement,
    sign_result,
    start_draft,
    withdraw_dossier,
)
from motcua.identity.public import PartyRef, PersonInfo
from motcua.kernel.clock import HCM, to_local
from motcua.kernel.workdays import Budget, WorkCalendar
from motcua.outbox.public import drain
from motcua.places.public import AgencyInfo
from motcua.procedures.public import ProcedureDetail, get_form, get_package_files
from motcua.project.demo_city.answers import make_answers
from motcua.project.demo_city.people import RESIDENTS
from motcua.project.demo_city.results import ResultSeed, make_result_fields
from motcua.project.demo_city.samples import read_samples

Story = Generator[datetime, None, None]
END_WEIGHTS = {  # where the stories stop; the figures add up to the two hundred of the demonstration
    "new": 24, "accepted": 22, "appraised": 16, "slow": 14, "sorry": 10, "waiting": 14, "answered": 8,
    "timed_out": 6, "refused": 12, "withdrawn": 10, "rejected": 8, "signed": 14, "delivered": 42,
}  # fmt: skip
OLDEST_DAYS = 75


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that a story needs of the city around it."""

    procedures: tuple[ProcedureDetail, ...]
    people: tuple[PersonInfo, ...]
    staff: dict[tuple[int, str], tuple[int, Actor]]
    agencies: dict[int, AgencyInfo]
    calendar: WorkCalendar
    paper: bytes
    until: datetime


def run_stories(stage: Stage, *, count: int, seed: int, tell: Callable[[int, int], None]) -> int:
    """Play `count` stories up to `stage.until`; return how many dossiers were filed."""
    ends = [end for end, weight in END_WEIGHTS.items() for _ in range(weight)]
    random.Random(seed).shuffle(ends)
    queue: list[tuple[datetime, int, Story]] = []
    for index in range(count):
        story = _tell_story(stage, index=index, end=ends[index % len(ends)], chance=random.Random(f"{seed}-{index}"))
        heapq.heappush(queue, (next(story), index, story))
    filed: set[int] = set()
    today = None
    while queue:
        at, index, story = heapq.heappop(queue)
        if at > stage.until:
            continue
        if to_local(at).date() != today:
            today = to_local(at).date()
            fire_due_timers(now=at, limit=1000)
        following = next(story, None)
        if index not in filed:
            filed.add(index)
            tell(len(filed), count)
        drain(now=at)
        if following is not None:
            heapq.heappush(queue, (max(following, at + timedelta(minutes=1)), index, story))
    fire_due_timers(now=stage.until, limit=1000)
    drain(now=stage.until)
    return len(filed)


def _tell_story(stage: Stage, *, index: int, end: str, chance: random.Random) -> Story:
    """Yield the moments at which something happens to one dossier, doing it when resumed."""
    procedure = stage.procedures[index % len(stage.procedures)]
    channel = "direct" if index % 4 == 3 else "online"
    at = _filing_moment(stage, procedure, end=end, chance=chance)
    yield at
    filed = _file(stage, index=index, procedure=procedure, channel=channel, chance=chance, now=at)
    yield from _after_filing(stage, filed, index=index, end=end, procedure=procedure, chance=chance, at=at)


def _filing_moment(stage: Stage, procedure: ProcedureDetail, *, end: str, chance: random.Random) -> datetime:
    """Return when the story begins: recent for dossiers still on their way, earlier for the late and the ended."""
    term = procedure.term.amount or 5
    back = {
        "new": (0, 1), "accepted": (0, 2), "appraised": (1, 3), "answered": (8, 12), "waiting": (1, 8),
        "slow": (term * 2 + 4, term * 2 + 14), "sorry": (term, term + 4), "timed_out": (30, 45),
    }.get(end, (12, OLDEST_DAYS))  # fmt: skip
    days = min(chance.randint(back[0], max(back)), OLDEST_DAYS)
    start = to_local(stage.until) - timedelta(days=days)
    moment = start.replace(hour=chance.randint(7, 16), minute=chance.randint(0, 59), second=0, microsecond=0)
    return min(moment.astimezone(HCM), stage.until - timedelta(minutes=30 + chance.randint(0, 200)))


def _after_filing(
    stage: Stage, filed: Filed, *, index: int, end: str, procedure: ProcedureDetail, chance: random.Random, at: datetime
) -> Story:
    if end == "new":
        return
    at = yield from _wait(stage, at, hours=chance.randint(1, 5))
    if end == "refused":
        refuse_dossier(_hand(stage, filed), reason="Thủ tục này không thuộc thẩm quyền của cơ quan tiếp nhận.", now=at)
        return
    if end == "withdrawn":
        actor = Actor(kind="resident", id=str(filed.dossier_uuid), name="Người nộp")
        withdraw_dossier(filed.dossier_uuid, reason="Tôi muốn nộp lại sau.", actor=actor, now=at)
        return
    if end in ("waiting", "answered", "timed_out"):
        _ask(stage, filed, procedure, now=at)
        if end != "answered":
            return
        at = yield from _wait(stage, at, hours=chance.randint(8, 20))
        _answer(stage, filed, chance=chance, now=at)
        at = yield from _wait(stage, at, hours=2)
    accept_dossier(_hand(stage, filed), note="", now=at)
    if end in ("accepted", "answered", "slow"):
        return
    yield from _decide(stage, filed, index=index, end=end, chance=chance, at=at)


def _decide(stage: Stage, filed: Filed, *, index: int, end: str, chance: random.Random, at: datetime) -> Story:
    at = yield from _wait(stage, at, hours=chance.randint(2, 6))
    if end == "sorry":
        _apologise(stage, filed, now=at)
        return
    at = yield from _appraise(stage, filed, index=index, end=end, chance=chance, at=at)
    if end == "appraised":
        return
    at = yield from _wait(stage, at, hours=chance.randint(1, 4))
    shown = get_folder(filed.case_id).draft_result
    if shown is None or _open_task(filed).screen != "dossiers.sign":
        return
    sign_result(_hand(stage, filed), shown_sha256=shown.sha256, note="", now=at)
    if end == "signed":
        return
    at = yield from _wait(stage, at, hours=1)
    if list_tasks(filed.case_id, only_open=True):
        deliver_result(_hand(stage, filed), delivered_to="Người nộp hồ sơ", note="", now=at)


def _appraise(
    stage: Stage, filed: Filed, *, index: int, end: str, chance: random.Random, at: datetime
) -> Generator[datetime, None, datetime]:
    """Do the checks, opinions and linked registrations that the drawing asks for, then the appraisal itself."""
    while (task := _open_task(filed)).screen == "dossiers.appraise":
        is_last = task.element_id == "appraise"
        outcome = "reject" if end == "rejected" and is_last else "approve"
        note = "Hồ sơ chưa đáp ứng điều kiện theo quy định của thủ tục." if outcome == "reject" else "Hồ sơ hợp lệ."
        fields = _enter_result(filed, task, index=index, chance=chance, at=at) if outcome == "approve" else {}
        appraise_dossier(_hand(stage, filed), outcome=outcome, note=note, result_fields=fields, now=at)
        if is_last:
            break
        at = yield from _wait(stage, at, hours=chance.randint(1, 3))
    return at


def _enter_result(filed: Filed, task: TaskInfo, *, index: int, chance: random.Random, at: datetime) -> dict[str, str]:
    """Return what the specialist enters: what the task asks for, so that the result speaks to the registers."""
    listed = [each.partition(":")[0] for each in str(task.properties.get("result_fields", "")).split("|") if each]
    answers = get_folder(filed.case_id).dossier.form_data
    return make_result_fields(listed, seed=ResultSeed(index, answers, to_local(at).date(), chance))


def _wait(stage: Stage, at: datetime, *, hours: int) -> Generator[datetime, None, datetime]:
    """Yield the moment so many working hours later and return it."""
    later = stage.calendar.add(at, Budget(hours, "work_hour"))
    yield later
    return later


def _file(
    stage: Stage, *, index: int, procedure: ProcedureDetail, channel: str, chance: random.Random, now: datetime
) -> Filed:
    number = (index * 7 + index // 30) % len(stage.people)
    who, person = RESIDENTS[number], stage.people[number]
    form = get_form(procedure.version_id)
    areas = tuple(agency.area_code for agency in stage.agencies.values() if agency.area_code)
    today = to_local(now).date()
    samples = read_samples(get_package_files(procedure.version_id), form, on=today)
    given = chance.choice(samples) if samples else None
    answers = make_answers(form, who=who, chance=chance, today=today, area_codes=areas, given=given)
    for key, value in list(answers.items()):
        field = form.find_field(key)
        if field is not None and field.kind == "area" and value not in areas:
            answers[key] = who.area_code
    if channel == "online":
        owner_id, name = person.user_id, person.full_name
        actor = Actor(kind="resident", id=who.subject, name=name)
        reception = None
    else:
        reception = next(a for a in stage.agencies.values() if a.area_code == who.area_code and a.kind != "police")
        owner_id, actor = stage.staff[(reception.id, "counter")]
        name = actor.name
    assert owner_id is not None
    draft, _code = start_draft(
        procedure.version_id, owner_id=owner_id, channel=channel, data=answers, now=now,
        reception_agency_id=reception.id if reception else None,
    )  # fmt: skip
    for field in form.fields:
        if field.type == "filepicker" and field.required:
            info = add_draft_file(
                draft.uuid, field_key=field.key, source=BytesIO(stage.paper), filename="giay-to.pdf", actor=actor,
                owner_user_id=owner_id, now=now,
            )  # fmt: skip
            scan_file(info.id, now=now)
    ref = PartyRef(kind="person", id=person.id)
    ready = choose_applicant(
        draft.uuid, ref=ref, result_channel="counter" if channel == "direct" else "online", now=now
    )
    return file_draft(
        ready, submitter_id=owner_id, submitter_name=name, actor=actor, now=now,
        submitter_person_id=person.id if channel == "online" else None,
    )  # fmt: skip


def _open_task(filed: Filed) -> TaskInfo:
    return list_tasks(filed.case_id, only_open=True)[0]


def _hand(stage: Stage, filed: Filed) -> Hand:
    task = _open_task(filed)
    user_id, actor = stage.staff[(task.agency_id, task.role)]
    return Hand(task=task, revision=task.revision, user_id=user_id, name=actor.name, actor=actor)


def _ask(stage: Stage, filed: Filed, procedure: ProcedureDetail, *, now: datetime) -> None:
    field = next(f for f in get_form(procedure.version_id).fields if f.type == "textfield" and f.key in _data(filed))
    items = SupplementItems(field_keys=(field.key,))
    reason = f"Mục “{field.label}” chưa khớp với giấy tờ gửi kèm, đề nghị kiểm tra lại."
    request_supplement(_hand(stage, filed), items=items, reason=reason, now=now)


def _data(filed: Filed) -> dict[str, object]:
    return dict(get_folder(filed.case_id).dossier.form_data)


def _answer(stage: Stage, filed: Filed, *, chance: random.Random, now: datetime) -> None:
    supplement = get_folder(filed.case_id).supplement
    assert supplement is not None
    data = _data(filed)
    raw = {key: [str(data[key])] for key in supplement.field_keys}
    save_supplement(filed.dossier_uuid, raw=raw, revision=supplement.revision, now=now)
    actor = Actor(kind="resident", id=str(filed.dossier_uuid), name="Người nộp")
    answer_supplement(filed.dossier_uuid, actor=actor, now=now)


def _apologise(stage: Stage, filed: Filed, *, now: datetime) -> None:
    case = get_case(filed.case_id)
    if case.due_at is None or case.due_at <= now:
        return
    leader_id, actor = stage.staff[(case.agency_id, "leader")]
    apologise(
        filed.dossier_uuid, new_due_at=stage.calendar.add(case.due_at, Budget(3, "workday")), leader_id=leader_id,
        reason="Cần thêm thời gian xác minh tại cơ quan phối hợp.", actor=actor, now=now,
    )  # fmt: skip
