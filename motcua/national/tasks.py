"""Background work of national. Calls to the other side happen here: between transactions, never inside one."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from motcua.audit.public import SYSTEM
from motcua.cases.public import CaseClosed, CaseOpened, StageEntered, get_case
from motcua.documents.public import FilePending, scan_file
from motcua.dossiers.public import ResultIssued
from motcua.exchange.public import NationalRefused, NationalUnavailable
from motcua.kernel.clock import local_date
from motcua.national.actions.comparing import save_comparison
from motcua.national.actions.following import follow_case
from motcua.national.actions.onward import claim_onward, prepare_onward, send_onward, settle_onward
from motcua.national.actions.receiving import receive_package
from motcua.national.actions.sending import Settled, claim_messages, settle_messages
from motcua.national.actions.taking import CHANNEL, take_in
from motcua.national.adapters.base import SignedPackage, get_portal, is_connected
from motcua.national.queries.differences import compare_with, find_comparison
from motcua.national.types import Acknowledgement, DayReport, NationalError, PackageReceived
from motcua.outbox.public import register_periodic, subscribe

logger = logging.getLogger(__name__)
MAX_BATCHES = 20
PORTAL = "national"


@subscribe(CaseOpened, name="national.follow_opened")
def handle_case_opened(event: CaseOpened, *, now: datetime) -> None:
    """Tell the portal of a new dossier. Delivered twice, it changes nothing."""
    _follow(event.case_id, event.case_kind, now=now)


@subscribe(StageEntered, name="national.follow_stage")
def handle_stage_entered(event: StageEntered, *, now: datetime) -> None:
    """Tell the portal of a new state. Delivered twice, late or in another order, it changes nothing."""
    _follow(event.case_id, event.case_kind, now=now)


@subscribe(CaseClosed, name="national.follow_closed")
def handle_case_closed(event: CaseClosed, *, now: datetime) -> None:
    """Tell the portal of the end. Delivered twice, it changes nothing."""
    _follow(event.case_id, event.case_kind, now=now)


def _follow(case_id: int, kind: str, *, now: datetime) -> None:
    if kind == "dossier":
        follow_case(case_id, now=now)


@subscribe(ResultIssued, name="national.send_result")
def handle_result_issued(event: ResultIssued, *, now: datetime) -> None:
    """Send the result of a dossier of the national portal back to it. Delivered twice, it is sent once."""
    if get_case(event.case_id).channel == CHANNEL:
        send_onward(event.case_id, kind="result", target=PORTAL, actor=SYSTEM, now=now)


@subscribe(PackageReceived, name="national.take_in")
def handle_package_received(event: PackageReceived, *, now: datetime) -> None:
    """Take a package in, or lay it before a person. Delivered twice, it changes nothing."""
    take_in(event.intake_uuid, actor=SYSTEM, now=now)


@register_periodic("national.send_statuses", every_seconds=10)
def send_due_statuses(*, now: datetime) -> None:
    """Tell the portal what is due."""
    send_statuses(now=now)


def send_statuses(*, now: datetime) -> Settled:
    """Tell the portal what is due, batch by batch; a portal that is down is left alone until the next time."""
    total = Settled()
    if not is_connected():
        return total
    for _batch in range(MAX_BATCHES):
        notes = claim_messages(now=now)
        if not notes:
            break
        answers, error = _tell(notes)
        settled = settle_messages(notes, answers, error=error, now=now)
        total = Settled(total.accepted + settled.accepted, total.refused + settled.refused, total.again + settled.again)
        if settled.again == len(notes):
            break
    return total


def _tell(notes: tuple[object, ...]) -> tuple[tuple[Acknowledgement, ...], str]:
    try:
        return get_portal().tell(notes), ""  # type: ignore[arg-type]  # a tuple of notes, as claimed
    except (NationalUnavailable, NationalRefused) as failed:
        logger.warning("national.tell.failed", extra={"code": failed.code})
        return (), failed.code


@register_periodic("national.fetch_packages", every_seconds=60)
def fetch_waiting_packages(*, now: datetime) -> None:
    """Fetch the packages that wait for us."""
    fetch_packages(now=now)


def fetch_packages(*, now: datetime) -> int:
    """Fetch the packages that wait for us; each is confirmed only when it is stored here. Return how many came."""
    if not is_connected():
        return 0
    portal, count = get_portal(), 0
    for code in portal.list_waiting():
        try:
            package = portal.fetch(code)
            received = receive_package(package.content, package.signature, now=now)
            scan_files(received.file_ids, now=now)
            portal.confirm(code)
        except (NationalUnavailable, NationalRefused, NationalError) as failed:
            logger.warning("national.fetch.failed", extra={"code": failed.code})
            continue
        count += not received.is_repeat
    return count


def scan_files(file_ids: tuple[int, ...], *, now: datetime) -> None:
    """Ask the scanner of the files that came; what it cannot be asked of now stays pending."""
    for file_id in file_ids:
        scan_file(file_id, now=now)


@register_periodic("national.send_onward", every_seconds=30)
def send_due_onwards(*, now: datetime) -> None:
    """Send on what is due."""
    send_onwards(now=now)


def send_onwards(*, now: datetime) -> int:
    """Send on what is due; return how much arrived."""
    if not is_connected():
        return 0
    sent = 0
    for onward_id in claim_onward(now=now):
        answer, error = None, ""
        try:
            content, signature, target = prepare_onward(onward_id, now=now)
            answer = get_portal().give(SignedPackage(content=content, signature=signature), target=target)
        except (NationalUnavailable, NationalRefused, FilePending) as failed:
            error = failed.code
        settle_onward(onward_id, answer, error=error, now=now)
        sent += answer is not None and answer.is_accepted
    return sent


def compare_day(on: date, *, now: datetime) -> DayReport:
    """Ask the other side for its list of a day, compare and keep the report.

    Raises: NationalUnavailable, NationalRefused.
    """
    report = compare_with(get_portal().list_day(on), on=on, now=now)
    save_comparison(report)
    return report


@register_periodic("national.compare_yesterday", every_seconds=3600)
def compare_yesterday(*, now: datetime) -> None:
    """Make the report of the day that has ended; while it has open differences, make it again."""
    if not is_connected():
        return
    on = local_date(now) - timedelta(days=1)
    known = find_comparison(on)
    if known is None or known.open or local_date(known.made_at) == on:
        compare_day(on, now=now)
