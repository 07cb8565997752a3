"""Load the designed procedures that ship with the project, all or none."""

from __future__ import annotations

import tomllib
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from motcua.cases.public import deploy_process
from motcua.kernel.clock import local_date
from motcua.procedures.actions.writing import NewVersion, ensure_life_events, write_versions
from motcua.procedures.models import SourceRecord
from motcua.procedures.queries.data import DESIGNED, load_life_events
from motcua.procedures.rules.packages import FILES, Package, read_package
from motcua.procedures.types import ImportPathInvalid, LoadReport, PackageInvalid, PackageProblem


def load_designed_procedures(*, now: datetime, folder: Path | None = None) -> LoadReport:
    """Check every package, then publish those whose files changed: process, form, fees and result template together.

    A package is known by the SHA-256 of its files: loading twice changes nothing.
    Raises: PackageInvalid with every problem of every package; ImportPathInvalid.
    """
    folder = folder or DESIGNED
    packages = _read_all(folder)
    with transaction.atomic():
        ensure_life_events()
        rows = SourceRecord.objects.filter(kind="designed").order_by("pk").values_list("procedure__code", "sha256")
        known = dict(rows)
        fresh = [(package, content) for package, content in packages if known.get(package.draft.code) != _hash(content)]
        write_versions([_publish(package, content, now) for package, content in fresh], on=local_date(now), now=now)
    codes = [package.draft.code for package, _ in fresh]
    return LoadReport(
        created=tuple(code for code in codes if code not in known),
        changed=tuple(code for code in codes if code in known),
        unchanged=tuple(package.draft.code for package, _ in packages if package.draft.code not in codes),
    )


def _read_all(folder: Path) -> list[tuple[Package, bytes]]:
    if not folder.is_dir():
        raise ImportPathInvalid(str(folder))
    found: list[tuple[Package, bytes]] = []
    problems: list[PackageProblem] = []
    events = [event.code for event in load_life_events()]
    for path in sorted(each for each in folder.iterdir() if each.is_dir() and each.name[0] not in "_."):
        contents = {name: (path / name).read_bytes() for name in FILES if (path / name).is_file()}
        package, wrong = read_package(path.name, contents, life_events=events, parse_toml=tomllib.loads)
        problems.extend(wrong)
        if package is not None:
            found.append((package, _join(contents)))
    codes = [package.draft.code for package, _ in found]
    problems += [
        PackageProblem(package=package.slug, part="procedure.toml", message=f"mã {package.draft.code} lặp lại")
        for package, _ in found
        if codes.count(package.draft.code) > 1
    ]
    if problems:
        raise PackageInvalid(tuple(problems))
    return found


def _join(contents: dict[str, bytes]) -> bytes:
    return b"".join(f"--- {name} {len(content)}\n".encode() + content + b"\n" for name, content in contents.items())


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()


def _publish(package: Package, content: bytes, now: datetime) -> NewVersion:
    process = deploy_process(package.process_key, xml=package.process_xml, now=now)
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
        valid_from=package.valid_from,
    )
