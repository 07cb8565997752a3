"""Store drafts as versions, many at a time: the one place where the catalogue's tables are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from motcua.kernel.text import sort_key
from motcua.procedures.models import LifeEvent, PackageFile, Procedure, ProcedureVersion, SearchEntry, SourceRecord
from motcua.procedures.queries.data import LifeEventData, load_life_events
from motcua.procedures.rules.drafts import VersionDraft, to_plain
from motcua.procedures.rules.search import fold_words
from motcua.procedures.types import Term

BATCH = 500
_WORDS = """
INSERT INTO procedures_searchword (word, frequency)
SELECT word, ndoc FROM ts_stat('SELECT document FROM procedures_searchentry WHERE valid_to IS NULL')
ON CONFLICT (word) DO UPDATE SET frequency = excluded.frequency
"""
_RANKS = {"designed": 0, "national": 1, "list": 2}
_SORT_KEY_LENGTH = 120  # characters of the name that decide its place in a list


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """A draft with what it is stored with."""

    draft: VersionDraft
    content: bytes
    content_name: str
    sha256: str
    form_schema: dict[str, Any] | None = None
    process_key: str = ""
    process_version_id: int | None = None
    result_template_name: str = ""
    result_template: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    decision_names: tuple[str, ...] = ()
    approved_by_decision_no: str = ""
    valid_from: date | None = None  # kept only for the first version of a procedure


def ensure_procedures(codes: Sequence[str]) -> dict[str, Procedure]:
    """Return the procedures of these codes, locked in the order of their codes, creating those that are missing."""
    Procedure.objects.bulk_create(
        [Procedure(code=code) for code in sorted(set(codes))], ignore_conflicts=True, batch_size=BATCH
    )
    found = Procedure.objects.filter(code__in=codes).order_by("code").select_for_update(of=("self",))
    return {procedure.code: procedure for procedure in found}


def write_versions(items: Sequence[NewVersion], *, on: date, now: datetime) -> None:
    """Make each draft the version in force from `on`; the version before it ends that day."""
    if not items:
        return
    procedures = ensure_procedures([item.draft.code for item in items])
    numbers = dict(
        ProcedureVersion.objects.filter(procedure__in=procedures.values())
        .values_list("procedure_id")
        .annotate(newest=Max("version_no"))
    )
    _close_versions([procedure.pk for procedure in procedures.values()], on)
    events = ensure_life_events()
    versions = ProcedureVersion.objects.bulk_create(
        [_make_version(item, procedures[item.draft.code], numbers, on, now) for item in items], batch_size=BATCH
    )
    pairs = list(zip(items, versions, strict=True))
    SourceRecord.objects.bulk_create(
        [make_source(item, version.procedure_id, version.pk, now) for item, version in pairs], batch_size=BATCH
    )
    PackageFile.objects.bulk_create(
        [
            PackageFile(version=version, path=path, content=content)
            for item, version in pairs
            for path, content in item.files.items()
        ],
        batch_size=BATCH,
    )
    placed = {version.pk: _place(item.draft) for item, version in pairs}
    _link_life_events({version.procedure_id: placed[version.pk] for _, version in pairs}, events)
    SearchEntry.objects.bulk_create(
        [_make_entry(version, procedures[item.draft.code], placed[version.pk]) for item, version in pairs],
        batch_size=BATCH,
    )
    _count_words()


def _count_words() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WORDS)
        cursor.execute("ANALYZE procedures_searchentry")  # the planner must know the table before the first search


def _close_versions(procedure_ids: Sequence[int], on: date) -> None:
    open_versions = ProcedureVersion.objects.filter(procedure_id__in=procedure_ids, valid_to=None)
    SearchEntry.objects.filter(version__in=open_versions).update(valid_to=on)
    open_versions.update(valid_to=on)


def ensure_life_events() -> dict[str, LifeEvent]:
    """Bring the table of life events in line with its data file; return the events by code."""
    LifeEvent.objects.bulk_create(
        [
            LifeEvent(
                code=event.code,
                name=event.name,
                description=event.description,
                audience=event.audience,
                position=event.position,
            )
            for event in load_life_events()
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "description", "audience", "position"],
    )
    return {event.code: event for event in LifeEvent.objects.all()}


def _place(draft: VersionDraft) -> tuple[LifeEventData, ...]:
    if draft.source == "designed":
        return tuple(event for event in load_life_events() if event.code in draft.life_events)
    name = fold_words(draft.name)
    return tuple(event for event in load_life_events() if event.covers(code=draft.code, name_folded=name))


def _link_life_events(placed: Mapping[int, tuple[LifeEventData, ...]], events: Mapping[str, LifeEvent]) -> None:
    links = Procedure.life_events.through
    links.objects.filter(procedure_id__in=list(placed)).delete()
    links.objects.bulk_create(
        [
            links(procedure_id=procedure_id, lifeevent_id=events[event.code].pk)
            for procedure_id, found in placed.items()
            for event in found
        ],
        batch_size=BATCH,
    )


def make_source(item: NewVersion, procedure_id: int, version_id: int | None, now: datetime) -> SourceRecord:
    """Keep what the source gave, byte for byte."""
    return SourceRecord(
        procedure_id=procedure_id,
        version_id=version_id,
        kind=item.draft.source,
        name=item.content_name[:200],
        content=item.content,
        sha256=item.sha256,
        imported_at=now,
    )


def _make_version(
    item: NewVersion, procedure: Procedure, numbers: Mapping[int, int], on: date, now: datetime
) -> ProcedureVersion:
    draft = item.draft
    is_first = procedure.pk not in numbers
    return ProcedureVersion(
        procedure=procedure,
        version_no=numbers.get(procedure.pk, 0) + 1,
        valid_from=item.valid_from if is_first and item.valid_from else on,
        name=draft.name,
        aliases=list(draft.aliases),
        field=draft.field,
        levels=list(draft.levels),
        issuing_agency=draft.issuing_agency,
        executing_agency=draft.executing_agency,
        receiving_address=draft.receiving_address,
        decision_no=draft.decision_no,
        subjects=list(draft.subjects),
        audiences=list(draft.audiences),
        online_level=draft.online_level,
        online_reason=draft.online_reason,
        **_spread_term(draft.term),
        channels=list(draft.channels),
        channel_rows=[to_plain(row) for row in draft.channel_rows],
        papers=[to_plain(paper) for paper in draft.papers],
        fees=[to_plain(fee) for fee in draft.fees],
        steps=draft.steps,
        requirements=draft.requirements,
        legal_bases=[to_plain(basis) for basis in draft.legal_bases],
        result_names=list(draft.result_names),
        competence=to_plain(draft.competence),
        form_schema=item.form_schema,
        process_key=item.process_key,
        process_version_id=item.process_version_id,
        result_template_name=item.result_template_name,
        result_template=item.result_template,
        source=draft.source,
        source_url=draft.source_url,
        mark=draft.mark,
        doubts=[to_plain(doubt) for doubt in draft.doubts],
        source_texts=dict(draft.source_texts),
        parse_report=dict(draft.statuses),
        sha256=item.sha256,
        created_at=now,
        linked=[to_plain(each) for each in draft.linked],
        decision_names=list(item.decision_names),
        approved_by_decision_no=item.approved_by_decision_no,
    )


def _spread_term(term: Term) -> dict[str, Any]:
    """Return the term as the columns of a version."""
    return {
        "term_amount": term.amount,
        "term_unit": term.unit,
        "term_is_stated": term.is_stated,
        "term_text": term.text,
        "term_mark": term.mark,
        "term_legal_ref": term.legal_ref,
        "clock_rule": term.clock_rule,
    }


def _make_entry(version: ProcedureVersion, procedure: Procedure, placed: Sequence[LifeEventData]) -> SearchEntry:
    aliases = "|".join(fold_words(alias) for alias in version.aliases)
    words = " ".join(fold_words(word) for event in placed for word in event.words)
    return SearchEntry(
        version=version,
        uuid=procedure.uuid,
        code=procedure.code,
        name=version.name,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        field=version.field,
        levels=version.levels,
        audiences=version.audiences,
        life_events=[event.code for event in placed],
        online_level=version.online_level,
        term_text=version.term_text,
        source=version.source,
        is_fileable=version.process_version_id is not None,
        rank=_RANKS[version.source],
        name_folded=fold_words(version.name),
        name_sort_key=sort_key(version.name[:_SORT_KEY_LENGTH]),
        more_folded=f"|{aliases}| {words}" if aliases else words,  # an alias between bars is found whole
        field_folded=fold_words(version.field),
    )
