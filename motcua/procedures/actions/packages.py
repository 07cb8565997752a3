"""Publish designed procedures: one package by its owner, or all that ship with the project, all or none."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from motcua.cases.public import deploy_process
from motcua.kernel.clock import local_date
from motcua.procedures.actions.writing import NewVersion, ensure_life_events, ensure_procedures, write_versions
from motcua.procedures.models import ProcedureVersion, SourceRecord
from motcua.procedures.queries.catalogue import get_procedure_version
from motcua.procedures.queries.data import DESIGNED, load_life_events
from motcua.procedures.rules.package_files import RECORDS, is_package_path
from motcua.procedures.rules.packages import Package, read_package
from motcua.procedures.types import ImportPathInvalid, LoadReport, PackageInvalid, PackageProblem, ProcedureDetail
from motcua.registers.public import RegisterInvalid, read_case_rules


def publish_package(
    files: Mapping[str, bytes], *, slug: str, approved_by_decision_no: str = "", now: datetime
) -> ProcedureDetail:
    """Publish one package as the version in force from today: process, decisions, form, fees and result together.

    The files of the version in force, given again, answer that version. An older version's files make a new version:
    so a package is rolled back. What dossiers began with stays as it was.
    Raises: PackageInvalid with every problem.
    """
    package, problems = _read(slug, files)
    if package is None:
        raise PackageInvalid(problems)
    with transaction.atomic():
        ensure_procedures([package.draft.code])  # locks: two publications of one procedure wait for each other
        current = _find_current(package)
        if current is None:
            item = _publish(package, now, approved_by_decision_no=approved_by_decision_no)
            write_versions([item], on=local_date(now), now=now)
            current = _find_current(package)
    assert current is not None  # written above, in this transaction
    return get_procedure_version(current)


def load_designed_procedures(*, now: datetime, folder: Path | None = None) -> LoadReport:
    """Check every package, then publish those whose files changed: process, decisions, form, fees and result together.

    A package is known by the SHA-256 of its files: loading twice changes nothing. What its owner has published with
    a decision number since is not replaced.
    Raises: PackageInvalid with every problem of every package; ImportPathInvalid.
    """
    packages = _read_all(folder or DESIGNED)
    with transaction.atomic():
        ensure_life_events()
        rows = SourceRecord.objects.filter(kind="designed").order_by("pk").values_list("procedure__code", "sha256")
        known = dict(rows)
        owned = _list_owned()
        changed = [package for package in packages if known.get(package.draft.code) != _hash(_join(package.files))]
        fresh = [package for package in changed if package.draft.code not in owned]
        write_versions([_publish(package, now) for package in fresh], on=local_date(now), now=now)
    codes = {package.draft.code for package in changed}
    return LoadReport(
        created=tuple(package.draft.code for package in fresh if package.draft.code not in known),
        changed=tuple(package.draft.code for package in fresh if package.draft.code in known),
        unchanged=tuple(package.draft.code for package in packages if package.draft.code not in codes),
        kept=tuple(package.draft.code for package in changed if package.draft.code in owned),
    )


def read_package_folder(path: Path) -> dict[str, bytes]:
    """Return the files of a package's folder by their path inside it."""
    found = {str(each.relative_to(path)): each for each in sorted(path.rglob("*")) if each.is_file()}
    return {name: each.read_bytes() for name, each in found.items() if is_package_path(name)}


def _list_owned() -> set[str]:
    rows = ProcedureVersion.objects.filter(valid_to=None).exclude(approved_by_decision_no="")
    return set(rows.values_list("procedure__code", flat=True))


def _find_current(package: Package) -> int | None:
    rows = ProcedureVersion.objects.filter(procedure__code=package.draft.code, valid_to=None, source="designed")
    digest = _hash(_join(package.files))
    found: int | None = rows.filter(sha256=digest).values_list("pk", flat=True).first()
    return found


def _read(slug: str, files: Mapping[str, bytes]) -> tuple[Package | None, tuple[PackageProblem, ...]]:
    events = [event.code for event in load_life_events()]
    package, problems = read_package(slug, files, life_events=events, parse_toml=tomllib.loads)
    try:
        read_case_rules(files.get(RECORDS, b""))
    except RegisterInvalid as error:
        return None, (*problems, PackageProblem(package=slug, part=RECORDS, message=error.message))
    return package, problems


def _read_all(folder: Path) -> list[Package]:
    if not folder.is_dir():
        raise ImportPathInvalid(str(folder))
    found: list[Package] = []
    problems: list[PackageProblem] = []
    for path in sorted(each for each in folder.iterdir() if each.is_dir() and each.name[0] not in "_."):
        package, wrong = _read(path.name, read_package_folder(path))
        problems.extend(wrong)
        if package is not None:
            found.append(package)
    codes = [package.draft.code for package in found]
    problems += [
        PackageProblem(package=package.slug, part="procedure.toml", message=f"mã {package.draft.code} lặp lại")
        for package in found
        if codes.count(package.draft.code) > 1
    ]
    if problems:
        raise PackageInvalid(tuple(problems))
    return found


def _join(files: Mapping[str, bytes]) -> bytes:
    return b"".join(
        f"--- {name} {len(content)}\n".encode() + content + b"\n" for name, content in sorted(files.items())
    )


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()


def _publish(package: Package, now: datetime, *, approved_by_decision_no: str = "") -> NewVersion:
    process = deploy_process(package.process_key, xml=package.process_xml, decisions=package.decisions, now=now)
    content = _join(package.files)
    return NewVersion(
        draft=package.draft,
        content=content,
        content_name=package.slug,
        sha256=_hash(content),
        form_schema=package.form_schema,
        process_key=process.key,
        process_version_id=process.id,
        result_template_name=f"{package.slug}/result.typ",
        result_template=package.result_template,
        files=package.files,
        decision_names=tuple(package.decisions),
        approved_by_decision_no=approved_by_decision_no,
        valid_from=package.valid_from,
    )
