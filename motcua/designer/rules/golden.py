"""Replay a golden case: the form takes the answers, the tables give eligibility and fee, the process walks its steps.

Shape of golden/<name>.json: {"name", "filed_at", "channel", "applicant_kind", "answers": {}, "files": {paper: [names]},
"copies"?, "result_channel"?, "steps": [{"at": element, "outputs": {}} | {"message": name, "payload": {}} |
{"timer": element} | {"signal": name} | {"error": element, "code": ""}, each with an optional "time"],
"expect": {"path", "fee_vnd", "due_at", "outcome", "eligibility"?}}. Work of machines that no step names succeeds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from motcua.designer.rules.golden_clock import Clock
from motcua.designer.rules.golden_reading import Golden, GoldenUnreadable, read_golden
from motcua.designer.rules.golden_tables import Eligibility, PackageDecisions, check_eligibility, compute_fee
from motcua.designer.rules.reading import Package, read_package
from motcua.designer.types import GoldenExpect, GoldenResult, PackageFiles
from motcua.kernel.clock import format_moment, local_date
from motcua.kernel.errors import DomainError
from motcua.kernel.messages import N_
from motcua.kernel.money import format_vnd
from motcua.kernel.workdays import WorkCalendar
from motcua.process.engine import advance, open_elements, open_events, start
from motcua.process.forms.clean import check_form
from motcua.process.types import (
    EndCase,
    EnterStage,
    ErrorThrown,
    MessageReceived,
    OpenElement,
    ProcessEvent,
    ServiceCompleted,
    SignalReceived,
    Step,
    TaskCompleted,
    TimerFired,
)

MAX_STEPS = 500


def replay_golden(files: PackageFiles, golden_name: str, *, calendar: WorkCalendar) -> GoldenResult:
    """Replay one golden case of a package and say in words how it differs from what is expected.

    `golden_name`: "golden/x.json", or "x". Never raises for what the files hold: a package that cannot be walked
    differs, with the reason.
    """
    file = golden_name if golden_name.startswith("golden/") else f"golden/{golden_name}.json"
    package = read_package(files)
    try:
        golden = read_golden(package, file)
    except GoldenUnreadable as unreadable:
        return GoldenResult(name=golden_name, ok=False, differences=(str(unreadable),))
    replay = _Replay(package, golden, calendar)
    return replay.run()


def list_goldens(files: PackageFiles) -> tuple[str, ...]:
    """Return the file names of a package's golden cases, in order."""
    return tuple(sorted(name for name in files if name.startswith("golden/") and name.endswith(".json")))


@dataclass(slots=True)
class _Replay:
    package: Package
    golden: Golden
    calendar: WorkCalendar
    path: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    outcome: str = ""
    ended: bool = False

    def run(self) -> GoldenResult:
        decisions = PackageDecisions(self.package)
        self.differences += decisions.problems
        self.check_answers()
        eligibility = check_eligibility(decisions, self.golden)
        fee_vnd, reason = compute_fee(decisions, self.golden)
        self.differences += [*eligibility.problems, *([reason] if reason else [])]
        clock = Clock(self.package.table("term"), self.calendar, self.golden.filed_at)
        variables = self.variables(fee_vnd)
        if self.package.definition is None:
            self.differences.append(N_("Không đi được: bản vẽ quy trình còn lỗi."))
        elif not eligibility.blocks or self.golden.expect.eligibility is None:
            self.walk(decisions, clock, variables)
        self.compare(clock.due_at, eligibility)
        if self.golden.compares_fee and not reason and fee_vnd != self.golden.expect.fee_vnd:
            wanted, got = _money(self.golden.expect.fee_vnd), _money(fee_vnd)
            self.differences.append(N_("Lệ phí: mong đợi %(wanted)s, ra %(got)s.", wanted=wanted, got=got))
        return GoldenResult(
            name=self.golden.name,
            ok=not self.differences,
            differences=tuple(self.differences),
            path=tuple(self.path),
            fee_vnd=fee_vnd,
            due_at=clock.due_at,
            outcome=self.outcome,
            eligibility=eligibility.codes,
            variables=variables,
        )

    def variables(self, fee_vnd: int | None) -> dict[str, Any]:
        """Return what a case is opened with (as dossiers do when a dossier is filed)."""
        return {
            "channel": self.golden.channel,
            "result_channel": self.golden.result_channel,
            "fee_vnd": fee_vnd,
            "applicant_kind": self.golden.applicant_kind,
            "form": dict(self.golden.answers),
        }

    # the form

    def check_answers(self) -> None:
        form = self.package.form
        if form is None:
            self.differences.append(N_("Không khai được: biểu mẫu còn lỗi."))
            return
        answers = self.golden.answers
        files = {key: names for key, names in self.golden.files.items()}
        for key in sorted(answers.keys() - form.names):
            self.differences.append(N_("Biểu mẫu không còn hỏi “%(key)s” mà hồ sơ mẫu trả lời.", key=key))
        today = local_date(self.golden.filed_at)
        for wrong in check_form(form, answers, files=files, choices=_choices(answers), today=today):
            self.differences.append(N_("Biểu mẫu không nhận: %(message)s", message=wrong.message_vi))

    # the process

    def walk(self, decisions: PackageDecisions, clock: Clock, variables: Mapping[str, Any]) -> None:
        assert self.package.definition is not None  # asked for by the caller
        walker = _Walker(self, decisions, clock, self.golden.filed_at)
        try:
            walker.begin(variables)
            for number, wanted in enumerate(self.golden.steps[:MAX_STEPS], start=1):
                if not walker.take(number, wanted):
                    return
            walker.finish_machines()
        except DomainError as refused:
            self.differences.append(N_("Quy trình dừng lại: %(reason)s", reason=str(refused)))

    # comparing

    def compare(self, due_at: datetime | None, eligibility: Eligibility) -> None:
        expect = self.golden.expect
        if expect.path is not None and tuple(self.path) != expect.path:
            self.differences.append(self.say_path(expect.path))
        self.compare_due(expect, due_at)
        if expect.outcome is not None and self.outcome != expect.outcome:
            wanted, got = expect.outcome or N_("chưa kết thúc"), self.outcome or N_("chưa kết thúc")
            self.differences.append(N_("Kết quả: mong đợi “%(wanted)s”, ra “%(got)s”.", wanted=wanted, got=got))
        if expect.eligibility is not None and set(eligibility.codes) != set(expect.eligibility):
            wanted, got = (
                ", ".join(expect.eligibility) or N_("không có"),
                ", ".join(eligibility.codes) or N_("không có"),
            )
            self.differences.append(N_("Điều kiện: mong đợi %(wanted)s, ra %(got)s.", wanted=wanted, got=got))
        elif expect.eligibility is None and eligibility.blocks:
            message = N_("Hồ sơ bị chặn vì điều kiện: %(reasons)s", reasons="; ".join(eligibility.blocks))
            self.differences.append(message)

    def compare_due(self, expect: GoldenExpect, due_at: datetime | None) -> None:
        if not expect.is_due_expected:
            return
        if due_at != expect.due_at:
            message = N_(
                "Hẹn trả: mong đợi %(wanted)s, ra %(got)s.", wanted=_moment(expect.due_at), got=_moment(due_at)
            )
            self.differences.append(message)

    def say_path(self, wanted: tuple[str, ...]) -> str:
        names = {} if self.package.definition is None else self.package.definition.by_id

        def name(element_id: str) -> str:
            element = names.get(element_id)
            return f"“{element.name or element.id}” ({element.id})" if element else f"({element_id})"

        for number, (want, got) in enumerate(zip(wanted, self.path, strict=False), start=1):
            if want != got:
                return N_(
                    "Đường đi khác ở bước %(number)s: mong đợi %(wanted)s, thực tế %(got)s.",
                    number=number, wanted=name(want), got=name(got),
                )  # fmt: skip
        if len(self.path) < len(wanted):
            return N_("Đường đi thiếu bước %(missing)s.", missing=", ".join(map(name, wanted[len(self.path) :])))
        return N_("Đường đi thừa bước %(extra)s.", extra=", ".join(map(name, self.path[len(wanted) :])))


class _Walker:
    """Takes the steps of a golden case through the engine."""

    def __init__(self, replay: _Replay, decisions: PackageDecisions, clock: Clock, now: datetime) -> None:
        assert replay.package.definition is not None  # asked for by the caller
        self.replay = replay
        self.definition = replay.package.definition
        self.decide = decisions.decide
        self.clock = clock
        self.now = now
        self.state: dict[str, Any] = {}

    def begin(self, variables: Mapping[str, Any]) -> None:
        self.settle(start(self.definition, variables, now=self.now, decide=self.decide))

    def settle(self, step: Step) -> None:
        self.state = step.state
        for command in step.commands:
            if isinstance(command, EnterStage):
                self.clock.enter(command.stage, self.now)
            elif isinstance(command, EndCase):
                self.replay.outcome, self.replay.ended = command.outcome, True
                self.clock.end(self.now)

    def apply(self, event: ProcessEvent) -> None:
        self.settle(advance(self.definition, self.state, event, now=self.now, decide=self.decide))

    def take(self, number: int, wanted: Mapping[str, Any]) -> bool:
        """Do one step; False when the process is not there: then the difference is said."""
        self.pass_time(wanted)
        for _ in range(MAX_STEPS):
            event = self.find_event(wanted)
            if event is not None:
                break
            if not self.finish_one_machine():
                self.replay.differences.append(self.say_not_there(number, wanted))
                return False
        else:
            return False
        element_id = str(wanted.get("at", ""))
        if isinstance(event, TaskCompleted):
            self.replay.path.append(element_id)
        self.apply(event)
        return True

    def pass_time(self, wanted: Mapping[str, Any]) -> None:
        given = wanted.get("time")
        try:
            moment = datetime.fromisoformat(given) if isinstance(given, str) else None
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is not None:
            self.now = moment

    def find_event(self, wanted: Mapping[str, Any]) -> ProcessEvent | None:
        outputs = wanted.get("outputs") or wanted.get("payload") or {}
        waiting, events = self.waiting()
        if "at" in wanted:
            place = next((each for each in waiting if each.element_id == wanted["at"]), None)
            if place is None:
                return None
            return (
                TaskCompleted(place.token, outputs) if place.kind == "user" else ServiceCompleted(place.token, outputs)
            )
        if "message" in wanted or "signal" in wanted:
            name = str(wanted.get("message", wanted.get("signal")))
            if not any(each.awaits == name for each in (*waiting, *events)):
                return None
            return MessageReceived(name, outputs) if "message" in wanted else SignalReceived(name, outputs)
        if "timer" in wanted:
            token = next((each.token for each in (*events, *waiting) if each.element_id == wanted["timer"]), None)
            return TimerFired(token) if token else None
        place = next((each for each in waiting if each.element_id == wanted.get("error")), None)
        return ErrorThrown(place.token, str(wanted.get("code", ""))) if place else None

    def waiting(self) -> tuple[tuple[OpenElement, ...], tuple[OpenElement, ...]]:
        return open_elements(self.definition, self.state), open_events(self.definition, self.state)

    def finish_one_machine(self) -> bool:
        """Let the oldest work of a machine succeed."""
        waiting, _ = self.waiting()
        place = next((each for each in waiting if each.kind in ("service", "send", "decision")), None)
        if place is None or self.replay.ended:
            return False
        self.apply(ServiceCompleted(place.token))
        return True

    def finish_machines(self) -> None:
        for _ in range(MAX_STEPS):
            if not self.finish_one_machine():
                return

    def say_not_there(self, number: int, wanted: Mapping[str, Any]) -> str:
        waiting, events = self.waiting()
        names = ", ".join(f"“{each.name or each.element_id}”" for each in (*waiting, *events)) or N_("không đâu")
        what = next((str(wanted[key]) for key in ("at", "message", "signal", "timer", "error") if key in wanted), "?")
        if self.replay.ended:
            return N_("Bước %(number)s (%(what)s): hồ sơ đã kết thúc trước đó.", number=number, what=what)
        return N_(
            "Bước %(number)s (%(what)s): quy trình không chờ ở đó, mà đang chờ ở %(names)s.",
            number=number,
            what=what,
            names=names,
        )


def _choices(answers: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Take the wards and provinces that are answered as existing: the package does not know the list."""
    found = {text: text for text in _texts(answers)}
    return {"area": found, "province": found}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _money(amount: int | None) -> str:
    return N_("cán bộ tính") if amount is None else format_vnd(amount)


def _moment(moment: datetime | None) -> str:
    return N_("chưa có hẹn") if moment is None else format_moment(moment)
