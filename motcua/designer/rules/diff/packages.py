"""Compare two packages part by part, always in the same order."""

from __future__ import annotations

from collections.abc import Iterator

from motcua.designer.rules.diff.decisions import diff_decisions
from motcua.designer.rules.diff.drawing import diff_process
from motcua.designer.rules.diff.facts import diff_facts
from motcua.designer.rules.diff.questions import diff_form
from motcua.designer.rules.diff.rows import changed_lines
from motcua.designer.rules.reading import FORM, PROCEDURE, PROCESS, RESULT, Package, read_package
from motcua.designer.types import Change, ChangePart, PackageFiles
from motcua.kernel.messages import N_


def diff_packages(old: PackageFiles, new: PackageFiles) -> tuple[Change, ...]:
    """List what changed: term, fees, papers, laws, competence, steps, questions, decision rows, texts of the result.

    The same files give nothing; files that differ only in how they are drawn or laid out say so in one line.
    """
    before, after = read_package(old), read_package(new)
    return tuple(_diff(before, after))


def _diff(before: Package, after: Package) -> Iterator[Change]:
    yield from _part(before, after, PROCEDURE, "procedure", list(diff_facts(before, after)))
    yield from _part(before, after, PROCESS, "process", list(diff_process(before, after)))
    yield from _part(before, after, FORM, "form", list(diff_form(before, after)))
    names = sorted(name for name in before.files.keys() | after.files.keys() if name.startswith("decisions/"))
    for name in names:
        yield from _part(before, after, name, "decision", list(diff_decisions(before, after, name)))
    if before.template != after.template:
        yield from changed_lines("result", N_("Mẫu kết quả"), before.template, after.template)
    yield from _part(
        before, after, RESULT, "result", [Change("result", "")] if before.template != after.template else []
    )
    yield from _diff_files(before, after, "golden/", "golden", N_("Hồ sơ mẫu"))
    yield from _diff_files(before, after, "migrations/", "process", N_("Quy tắc chuyển hồ sơ đang chạy"))


def _part(before: Package, after: Package, file: str, part: ChangePart, changes: list[Change]) -> Iterator[Change]:
    """Yield the changes of one file; where bytes differ and nothing readable does, say what kind of change it is."""
    old, new = before.files.get(file), after.files.get(file)
    if changes:
        yield from (change for change in changes if change.heading)
        return
    if old == new:
        return
    if old is None or new is None:
        yield Change(part, file, "" if old is None else N_("có"), "" if new is None else N_("có"))
    elif _is_unread(before, file) or _is_unread(after, file):
        yield Change(part, file, N_("bản cũ"), N_("đã sửa, nhưng có bản không đọc được nên không so sánh được"))
    elif part == "process":
        yield Change(part, N_("Sơ đồ quy trình"), "", N_("chỉ thay đổi cách vẽ"))
    else:
        yield Change(part, file, "", N_("chỉ thay đổi cách trình bày tệp, nội dung không đổi"))


def _is_unread(package: Package, file: str) -> bool:
    return any(finding.file == file for finding in package.findings)


def _diff_files(before: Package, after: Package, folder: str, part: ChangePart, word: str) -> Iterator[Change]:
    names = sorted(name for name in before.files.keys() | after.files.keys() if name.startswith(folder))
    for name in names:
        old, new = before.files.get(name), after.files.get(name)
        if old == new:
            continue
        heading = f"{word}: {name.removeprefix(folder)}"
        if old is None or new is None:
            yield Change(part, heading, "" if old is None else N_("có"), "" if new is None else N_("có"))
        else:
            texts = [content.decode("utf-8", "replace") for content in (old, new)]
            yield from changed_lines(part, heading, texts[0], texts[1])
