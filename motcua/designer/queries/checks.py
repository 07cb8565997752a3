"""Findings of a draft, its sample dossiers, its changes: computed by the rules, remembered by the files' content."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from motcua.designer.queries.drafts import read_files
from motcua.designer.queries.surroundings import list_staffed
from motcua.designer.rules import check_package, diff_packages, list_goldens, platform_surroundings, replay_golden
from motcua.designer.types import Change, Finding, GoldenResult
from motcua.designer.types.drafts import DraftInfo, NotReady
from motcua.exchange.public import list_fact_words
from motcua.kernel import clock
from motcua.places.public import get_agency, get_calendar
from motcua.procedures.public import ProcedureDetail, find_procedure, get_package_files

Frozen = tuple[tuple[str, bytes], ...]


def list_findings(draft_id: int) -> tuple[Finding, ...]:
    """Return what is to be mended in the draft as it stands, errors first."""
    return check_files(read_files(draft_id), now=clock.now())


def check_files(files: Mapping[str, bytes], *, now: datetime) -> tuple[Finding, ...]:
    """Return what is to be mended in these files, errors first."""
    return _check(freeze(files), list_staffed(on=clock.local_date(now)))


def list_golden_results(files: Mapping[str, bytes], *, agency_id: int) -> tuple[tuple[str, GoldenResult], ...]:
    """Replay every sample dossier by the calendar of the draft's agency. Shape: (file name, result)."""
    return _replay(freeze(files), get_agency(agency_id).calendar_code)


def ensure_ready(files: Mapping[str, bytes], *, agency_id: int, now: datetime) -> None:
    """Refuse files that still hold errors or whose sample dossiers come out wrong. Raises: NotReady."""
    errors = sum(finding.severity == "error" for finding in check_files(files, now=now))
    failing = sum(not result.ok for _name, result in list_golden_results(files, agency_id=agency_id))
    if errors or failing:
        raise NotReady(errors=errors, golden=failing)


def diff_with_version(draft: DraftInfo) -> tuple[ProcedureDetail | None, tuple[Change, ...]]:
    """Return the version in force and what the draft changes against it; against nothing when it has no package.

    A draft that is in force itself is compared with the version it was opened from.
    """
    base = find_procedure(draft.procedure_code, on=clock.local_date(clock.now())) if draft.procedure_code else None
    against = draft.base_version_id if draft.state == "published" else base and base.version_id
    before = get_package_files(against) if against else {}
    return base, _diff(freeze(before), freeze(read_files(draft.id))) if before else ()


def freeze(files: Mapping[str, bytes]) -> Frozen:
    """Return the files as a value that can be remembered by."""
    return tuple(sorted(files.items()))


@lru_cache(maxsize=64)
def _check(files: Frozen, staffed_roles: frozenset[str]) -> tuple[Finding, ...]:
    around = platform_surroundings(staffed_roles=staffed_roles, facts=list_fact_words())
    return check_package(dict(files), surroundings=around)


@lru_cache(maxsize=64)
def _replay(files: Frozen, calendar_code: str) -> tuple[tuple[str, GoldenResult], ...]:
    package, calendar = dict(files), get_calendar(calendar_code)
    return tuple((name, replay_golden(package, name, calendar=calendar)) for name in list_goldens(package))


@lru_cache(maxsize=32)
def _diff(before: Frozen, after: Frozen) -> tuple[Change, ...]:
    return diff_packages(dict(before), dict(after))
