"""Ask registers, the vault and earlier results what they already prove of an applicant: a fixed number of queries.

Every record that is looked at is noted in the log of readings, with the purpose and the ground of sparing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from motcua.audit.public import Actor, AuditRecord, record_all
from motcua.dossiers.models import Result
from motcua.dossiers.rules.solving import SPARING_GROUND, SPARING_PURPOSE, solve_paper
from motcua.dossiers.types.solving import Evidence, SolvedPaper
from motcua.exchange.public import list_closed_registers
from motcua.identity.public import Party
from motcua.kernel.clock import local_date
from motcua.kernel.messages import N_
from motcua.procedures.public import PaperSource, ProcedureDetail, get_procedure_versions, parse_paper_source
from motcua.registers.public import Reading, RecordInfo, Wanted, list_registers, read_linked
from motcua.vault.public import find_papers

ADULT_YEARS = 18
MAX_RESULTS = 200  # the newest results that are looked through
_RELATIONS = {"spouse": "spouse_id", "father": "father_id", "mother": "mother_id"}
_RELATED = ("personal_id", "birth_on", *_RELATIONS.values())


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the papers of a procedure ask of one applicant."""

    party: Party
    sources: Mapping[str, tuple[PaperSource, ...]]
    reading: Reading
    now: datetime

    def of_kind(self, kind: str) -> tuple[PaperSource, ...]:
        return tuple(each for sources in self.sources.values() for each in sources if each.kind == kind)


def solve_papers(
    version: ProcedureDetail, *, party: Party, answers: Mapping[str, Any], actor: Actor, now: datetime
) -> tuple[SolvedPaper, ...]:
    """Return what is to be done about each paper of the procedure that something may answer for.

    No query for a procedure whose papers name no source; otherwise at most twelve, however many papers and records.
    """
    sources = {
        paper.code: tuple(parse_paper_source(text) for text in paper.answered_by)
        for paper in version.papers
        if paper.answered_by
    }
    if not sources:
        return ()
    reading = Reading(actor=actor, purpose=SPARING_PURPOSE, legal_ground=SPARING_GROUND)
    asked = _Asked(party=party, sources=sources, reading=reading, now=now)
    found, closed = _ask_registers(asked)
    found |= _ask_vault(asked) | _ask_results(asked)
    names = {paper.code: paper.name for paper in version.papers}
    return tuple(
        solve_paper(
            code,
            name=names[code],
            found=[evidence for source in wanted for evidence in found.get(source, ())],
            answers=answers,
            closed=tuple(dict.fromkeys(closed[each.name] for each in wanted if each.name in closed)),
            on=local_date(now),
        )
        for code, wanted in sources.items()
    )


def _ask_registers(asked: _Asked) -> tuple[dict[PaperSource, tuple[Evidence, ...]], dict[str, str]]:
    """Return the evidence by source, and the names of the registers that cannot be asked now."""
    sources = asked.of_kind("register")
    if not sources or not asked.party.identifier:
        return {}, {}
    titles = {each.code: each.name for each in list_registers()}
    shut = list_closed_registers(now=asked.now)
    closed = {code: title for code, title in titles.items() if code in shut}
    open_sources = [each for each in sources if each.name in titles and each.name not in closed]
    people = _find_people(asked, {each.of for each in open_sources}, is_closed="people" in closed)
    wanted: dict[Wanted, list[PaperSource]] = {}
    for each in open_sources:
        for value in people.get(each.of, ()):
            asks = Wanted(register=each.name, key=each.key, value=value, fields=_fields_of(each))
            wanted.setdefault(asks, []).append(each)
    found: dict[PaperSource, tuple[Evidence, ...]] = {}
    for asks, records in read_linked(tuple(wanted), reading=asked.reading, now=asked.now).items():
        for source in wanted[asks]:
            evidence = tuple(
                _to_evidence(source, record, title=titles[source.name], whose=asks.value) for record in records
            )
            found[source] = found.get(source, ()) + evidence
    return found, closed


def _find_people(asked: _Asked, kinds: Collection[str], *, is_closed: bool) -> dict[str, tuple[str, ...]]:
    """Return the numbers of the applicant and, where a source asks for them, of relatives whom the register names."""
    own = asked.party.identifier
    people: dict[str, tuple[str, ...]] = {"applicant": (own,)}
    if set(kinds) <= {"applicant"} or asked.party.ref.kind != "person" or is_closed:
        return people
    me = Wanted(register="people", key="personal_id", value=own, fields=_RELATED)
    wanted = [me]
    if "child" in kinds:
        wanted += [Wanted(register="people", key=link, value=own, fields=_RELATED) for link in ("father", "mother")]
    found = read_linked(wanted, reading=asked.reading, now=asked.now)
    for record in found.get(me, ()):
        for kind, field in _RELATIONS.items():
            if record.data.get(field):
                people[kind] = (str(record.data[field]),)
    children = [record.data for each in wanted[1:] for record in found.get(each, ())]
    people["child"] = tuple(
        dict.fromkeys(
            str(child["personal_id"])
            for child in children
            if child.get("personal_id") and _is_minor(child.get("birth_on"), on=local_date(asked.now))
        )
    )
    return people


def _is_minor(birth_on: object, *, on: date) -> bool:
    """A grown child's papers are the child's own: a parent files nothing by them."""
    born = _read_day(birth_on)
    return born is not None and (on.year - born.year, on.month, on.day) < (ADULT_YEARS, born.month, born.day)


def _fields_of(source: PaperSource) -> tuple[str, ...]:
    """Return the only fields that are read to judge a record."""
    named = [source.until, source.on, source.is_field, source.when_field, *(field for field, _question in source.where)]
    return tuple(dict.fromkeys(name for name in named if name)) or ("personal_id",)


def _to_evidence(source: PaperSource, record: RecordInfo, *, title: str, whose: str) -> Evidence:
    part = record.slice
    dated_on = _read_day(record.data.get(source.on)) if source.on else local_date(part.valid_from)
    return Evidence(
        source=source,
        title=N_("sổ “%(register)s”", register=title),
        dated_on=dated_on,
        until_on=_read_day(record.data.get(source.until)) if source.until else None,
        whose=whose,
        data=dict(record.data),
        reference={
            "register": record.register,
            "record_uuid": str(record.uuid),
            "sha256": part.sha256,
            "source": part.source,
            "known_at": part.known_from.isoformat(),
        },
    )


def _ask_vault(asked: _Asked) -> dict[PaperSource, tuple[Evidence, ...]]:
    sources = {each.name: each for each in asked.of_kind("vault")}
    if not sources:
        return {}
    found: dict[PaperSource, tuple[Evidence, ...]] = {}
    for paper in find_papers(asked.party.ref, kinds=tuple(sources), now=asked.now):
        source = sources.get(paper.kind) or sources[paper.kind.partition(":")[0]]
        evidence = Evidence(
            source=source,
            title=N_("kho giấy tờ của bạn (%(title)s)", title=paper.title),
            dated_on=paper.issued_on,
            until_on=paper.valid_to,
            is_revoked=not paper.is_current and paper.valid_to is None,
            reference={"vault_paper": str(paper.uuid), "sha256": paper.sha256, "kind": paper.kind},
        )
        found[source] = (*found.get(source, ()), evidence)
    _note(asked, found)
    return found


def _ask_results(asked: _Asked) -> dict[PaperSource, tuple[Evidence, ...]]:
    """Look at approved results that this system issued to the same person or firm."""
    sources = {each.name: each for each in asked.of_kind("result")}
    if not sources:
        return {}
    ref = asked.party.ref
    rows = Result.objects.select_related("dossier").filter(
        decision="approved",
        dossier__applicant_kind=ref.kind,
        dossier__applicant_id=ref.id,
        issued_at__lte=asked.now,
    )
    results = list(rows.order_by("-issued_at", "-id")[:MAX_RESULTS])
    versions = get_procedure_versions({each.dossier.procedure_version_id for each in results}) if results else {}
    found: dict[PaperSource, tuple[Evidence, ...]] = {}
    for each in results:
        source = sources.get(versions[each.dossier.procedure_version_id].code)
        if source is not None:
            found[source] = (*found.get(source, ()), _to_result_evidence(source, each))
    _note(asked, found)
    return found


def _to_result_evidence(source: PaperSource, result: Result) -> Evidence:
    dossier_no = result.dossier.dossier_no
    return Evidence(
        source=source,
        title=N_("kết quả số %(no)s của hồ sơ %(dossier)s", no=result.no, dossier=dossier_no),
        dated_on=local_date(result.issued_at),
        reference={"dossier_no": dossier_no, "result_no": result.no, "sha256": result.sha256},
    )


def _note(asked: _Asked, found: Mapping[PaperSource, Sequence[Evidence]]) -> None:
    """Note that papers of a person were looked at; registers note their own readings."""
    ref = asked.party.ref
    record_all(
        [
            AuditRecord(
                kind="read",
                actor=asked.reading.actor,
                subject=f"{ref.kind}:{asked.party.uuid}",
                what=evidence.title[:120],
                purpose=asked.reading.purpose,
                legal_ground=asked.reading.legal_ground,
            )
            for group in found.values()
            for evidence in group
        ],
        now=asked.now,
    )


def _read_day(value: object) -> date | None:
    """Read a date field of a record; what is no date gives none."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
