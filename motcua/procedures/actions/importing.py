"""Bring the national catalogue in: records (JSON), lists (XLSX). Nothing is lost or guessed; twice changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from motcua.cases.public import ProcessVersionInfo, deploy_process
from motcua.kernel.clock import local_date
from motcua.procedures.actions.reading import ListFileRow, RecordFile, find_files, read_list_file, read_record_file
from motcua.procedures.actions.writing import NewVersion, ensure_procedures, make_source, write_versions
from motcua.procedures.models import ProcedureVersion, SourceRecord
from motcua.procedures.queries.data import load_default_term, load_standard_process
from motcua.procedures.rules.drafts import VersionDraft
from motcua.procedures.rules.records import FIELDS, ListRow, RecordUnreadableError, read_list_row, read_record
from motcua.procedures.rules.search import fold_words
from motcua.procedures.types import FieldCount, ImportProblem, ImportReport
from motcua.process.public import PaperSpec, make_generic_form


@dataclass(frozen=True, slots=True)
class _Listed:
    draft: VersionDraft
    row: ListRow
    source: ListFileRow


@dataclass(slots=True)
class _Import:
    """What one run found, before anything is written."""

    records: dict[str, tuple[VersionDraft, RecordFile]] = field(default_factory=dict)
    listed: dict[str, _Listed] = field(default_factory=dict)
    problems: list[ImportProblem] = field(default_factory=list)
    found: int = 0

    def report(self, code: str, subject: str, message: str) -> None:
        self.problems.append(ImportProblem(code=code, subject=subject, message=message))


def import_procedures(path: Path, *, now: datetime, standard_folder: Path | None = None) -> ImportReport:
    """Import the records and lists below a path, each procedure ready to be filed at once.

    A record is known by its SHA-256: an unchanged one is left alone, a changed one becomes a new version from the day
    of import. A designed version in force stays in force; the record is kept beside it and the change reported.
    Raises: ImportPathInvalid.
    """
    record_paths, list_paths = find_files(path)
    run = _Import(found=len(record_paths))
    _read_lists(run, list_paths, path)
    _read_records(run, record_paths, path)
    _report_names(run)
    with transaction.atomic():
        process, template = _deploy_standard(standard_folder, now)
        created, changed, unchanged = _write_records(run, process, template, now)
        more = _write_listed(run, now)
    return ImportReport(
        records_found=run.found,
        records_imported=len(run.records),
        created=created,
        changed=changed,
        unchanged=unchanged,
        catalogue_rows=len(run.listed),
        catalogue_created=more[0],
        catalogue_changed=more[1],
        catalogue_unchanged=more[2],
        fields=_count_fields(draft for draft, _ in run.records.values()),
        problems=tuple(run.problems),
    )


def _read_lists(run: _Import, paths: list[Path], root: Path) -> None:
    for path in paths:
        for entry in read_list_file(path, root):
            if isinstance(entry, ImportProblem):
                run.problems.append(entry)
                continue
            read = read_list_row(entry.cells, default_term=load_default_term())
            if read is None:
                continue  # heading rows
            draft, row = read
            if row.code in run.listed:
                run.report("listed_twice", row.code, f"Mã có hai dòng trong danh mục ({entry.name}); dùng dòng đầu.")
                continue
            run.listed[row.code] = _Listed(draft, row, entry)


def _read_records(run: _Import, paths: list[Path], root: Path) -> None:
    for path in paths:
        file = read_record_file(path, root)
        if isinstance(file, ImportProblem):
            run.problems.append(file)
            continue
        listed = run.listed.get(str(file.fields.get("ma_thu_tuc", "")).strip())
        try:
            draft = read_record(file.fields, default_term=load_default_term(), listed=listed.row if listed else None)
        except RecordUnreadableError as error:
            run.report("record_unreadable", file.name, f"Bản ghi không dùng được: {error}.")
            continue
        if draft.code in run.records:
            run.report("record_twice", draft.code, f"Mã có hai bản ghi; không dùng tệp {file.name}.")
            continue
        run.records[draft.code] = (draft, file)
        for doubt in draft.doubts:
            run.report(doubt.code, draft.code, doubt.message)


def _report_names(run: _Import) -> None:
    codes: dict[str, list[str]] = {}
    for code, (draft, _) in run.records.items():
        codes.setdefault(fold_words(draft.name), []).append(code)
    for same in codes.values():
        if len(same) > 1:
            run.report("same_name", ", ".join(same), "Các mã này cùng một tên thủ tục; hãy xem có bị trùng không.")


def _deploy_standard(folder: Path | None, now: datetime) -> tuple[ProcessVersionInfo, tuple[str, str]]:
    key, default = load_standard_process()
    folder = folder or default
    process = deploy_process(key, xml=(folder / "process.bpmn").read_bytes(), now=now)
    template = folder / "result.typ"
    return process, (f"{folder.name}/{template.name}", template.read_text(encoding="utf-8"))


def _write_records(
    run: _Import, process: ProcessVersionInfo, template: tuple[str, str], now: datetime
) -> tuple[int, int, int]:
    known = _known("national")
    fresh = {code: each for code, each in run.records.items() if known.get(code) != each[1].sha256}
    designed = _in_force(fresh, "designed")
    items = {code: _to_item(draft, file, process, template) for code, (draft, file) in fresh.items()}
    write_versions([item for code, item in items.items() if code not in designed], on=local_date(now), now=now)
    kept = {code: item for code, item in items.items() if code in designed}
    procedures = ensure_procedures(list(kept))
    SourceRecord.objects.bulk_create([make_source(item, procedures[code].pk, None, now) for code, item in kept.items()])
    for code in kept:
        run.report("designed_kept", code, "Đã có bản thiết kế riêng đang áp dụng; bản ghi được lưu để đối chiếu.")
    changed = sum(code in known for code in fresh)
    return len(fresh) - changed, changed, len(run.records) - len(fresh)


def _to_item(
    draft: VersionDraft, file: RecordFile, process: ProcessVersionInfo, template: tuple[str, str]
) -> NewVersion:
    papers = [
        PaperSpec(
            code=paper.code,
            name=paper.name,
            required=paper.required,
            description=". ".join(part for part in (paper.condition, paper.count_text) if part),
        )
        for paper in draft.papers
    ]
    if not papers:  # the source lists none, or none that could be read: the person may still send what they have
        papers = [PaperSpec(code="khac", name="Giấy tờ kèm theo (nếu có)", required=False)]
    return NewVersion(
        draft=draft,
        content=file.content,
        content_name=file.name,
        sha256=file.sha256,
        form_schema=make_generic_form(draft.name, papers, form_id=f"generic-{draft.code}"),
        process_key=process.key,
        process_version_id=process.id,
        result_template_name=template[0],
        result_template=template[1],
    )


def _write_listed(run: _Import, now: datetime) -> tuple[int, int, int]:
    """Write catalogue entries for what is only listed; a row whose procedure has more than a row is only kept."""
    known = _known("list")
    hashes = {code: sha256(each.source.content).hexdigest() for code, each in run.listed.items()}
    fresh = {code: each for code, each in run.listed.items() if known.get(code) != hashes[code]}
    richer = _in_force(fresh, "designed", "national")
    items = {
        code: NewVersion(
            draft=each.draft, content=each.source.content, content_name=each.source.name, sha256=hashes[code]
        )
        for code, each in fresh.items()
    }
    write_versions([item for code, item in items.items() if code not in richer], on=local_date(now), now=now)
    kept = [code for code in items if code in richer]
    procedures = ensure_procedures(kept)
    SourceRecord.objects.bulk_create([make_source(items[code], procedures[code].pk, None, now) for code in kept])
    changed = sum(code in known for code in fresh)
    return len(fresh) - changed, changed, len(run.listed) - len(fresh)


def _known(kind: str) -> dict[str, str]:
    """Return the hash of each procedure's newest source of a kind."""
    rows = SourceRecord.objects.filter(kind=kind).order_by("pk").values_list("procedure__code", "sha256")
    return dict(rows)


def _in_force(codes: Mapping[str, object], *sources: str) -> set[str]:
    rows = ProcedureVersion.objects.filter(procedure__code__in=list(codes), valid_to=None, source__in=sources)
    return set(rows.values_list("procedure__code", flat=True))


def _count_fields(drafts: Iterable[VersionDraft]) -> dict[str, FieldCount]:
    counts: dict[str, Counter[str]] = {name: Counter() for name in FIELDS}
    for draft in drafts:
        for name in FIELDS:
            counts[name][draft.statuses[name]] += 1
    return {name: FieldCount(**count) for name, count in counts.items()}
