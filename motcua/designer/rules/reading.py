"""Read the files of a package once, and say of each what keeps it from being read."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from motcua.designer.types import Finding, PackageFiles, Part
from motcua.kernel.messages import N_
from motcua.process.bpmn import parse_process
from motcua.process.forms.schema import parse_form
from motcua.process.forms.types import Form, FormDefinitionError
from motcua.process.types import ProcessDefinition, ProcessDefinitionError

PROCEDURE, PROCESS, FORM, RESULT = "procedure.toml", "process.bpmn", "form.json", "result.typ"
REQUIRED: Mapping[str, Part] = {PROCEDURE: "procedure", PROCESS: "process", FORM: "form", RESULT: "result"}
MAX_FILES = 200
MAX_FILE_BYTES = 2_000_000
_PART_OF_FOLDER: Mapping[str, Part] = {"decisions": "decision", "golden": "golden", "migrations": "process"}


@dataclass(slots=True)
class Package:
    """What could be read. A part that could not is None or empty, and stands in `findings`."""

    files: PackageFiles
    procedure: Mapping[str, Any] = field(default_factory=dict)
    definition: ProcessDefinition | None = None
    form: Form | None = None
    schema: Mapping[str, Any] = field(default_factory=dict)
    template: str = ""
    golden: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # by file name
    findings: list[Finding] = field(default_factory=list)

    def table(self, name: str) -> Mapping[str, Any]:
        """Return a table of procedure.toml, empty when it is missing or something else."""
        value = self.procedure.get(name)
        return value if isinstance(value, Mapping) else {}

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        """Return the rows of procedure.toml under a name."""
        value = self.procedure.get(name)
        return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []

    def decision_files(self) -> Iterator[tuple[str, bytes]]:
        return ((name, self.files[name]) for name in sorted(self.files) if name.startswith("decisions/"))


def part_of(file: str) -> Part:
    """Return which part of a package a file belongs to."""
    return REQUIRED.get(file) or _PART_OF_FOLDER.get(file.partition("/")[0], "procedure")


def error(file: str, element_id: str, code: str, message_vi: str) -> Finding:
    return Finding(part_of(file), file, element_id, code, "error", message_vi)


def warning(file: str, element_id: str, code: str, message_vi: str) -> Finding:
    return Finding(part_of(file), file, element_id, code, "warning", message_vi)


def read_package(files: PackageFiles) -> Package:
    """Read everything that can be read; never raises for what a file holds."""
    package = Package(dict(files))
    for name in REQUIRED:
        if name not in files:
            package.findings.append(error(name, "", "file_missing", N_("Gói còn thiếu tệp %(name)s.", name=name)))
    if len(files) > MAX_FILES:
        package.findings.append(
            error(PROCEDURE, "", "too_many_files", N_("Gói có quá %(most)s tệp; hãy bớt đi.", most=MAX_FILES))
        )
        return package
    texts = {name: text for name, content in files.items() if (text := _decode(package, name, content)) is not None}
    if PROCEDURE in texts:
        _read_procedure(package, texts[PROCEDURE])
    if PROCESS in texts:
        _read_process(package, files[PROCESS])
    if FORM in texts:
        _read_form(package, texts[FORM])
    package.template = texts.get(RESULT, "")
    for name in sorted(texts):
        if name.startswith("golden/"):
            _read_golden(package, name, texts[name])
    return package


def _decode(package: Package, name: str, content: bytes) -> str | None:
    if len(content) > MAX_FILE_BYTES:
        message = N_("Tệp %(name)s lớn hơn 2 MB; hãy rút gọn.", name=name)
        package.findings.append(error(name, "", "file_too_large", message))
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        if name == PROCESS or name.endswith(".dmn"):
            return ""  # XML says its encoding itself
        message = N_("Tệp %(name)s không phải chữ UTF-8; hãy lưu lại bằng UTF-8.", name=name)
        package.findings.append(error(name, "", "file_not_utf8", message))
        return None


def _read_procedure(package: Package, text: str) -> None:
    try:
        package.procedure = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        message = N_("Không đọc được procedure.toml (%(problem)s). Hãy sửa chỗ đó.", problem=str(problem)[:200])
        package.findings.append(error(PROCEDURE, "", "procedure_unreadable", message))


def _read_process(package: Package, content: bytes) -> None:
    try:
        package.definition = parse_process(content)
    except ProcessDefinitionError as refused:
        package.findings += [
            error(PROCESS, problem.element_id, problem.code, problem.message_vi) for problem in refused.problems
        ]


def _read_form(package: Package, text: str) -> None:
    try:
        schema = json.loads(text)
        package.schema = schema if isinstance(schema, Mapping) else {}
        package.form = parse_form(package.schema)
    except FormDefinitionError as refused:
        package.findings += [
            error(FORM, problem.element_id, problem.code, problem.message_vi) for problem in refused.problems
        ]
    except (ValueError, RecursionError) as problem:
        message = N_("Không đọc được biểu mẫu (%(problem)s). Hãy lưu lại từ công cụ vẽ.", problem=str(problem)[:200])
        package.findings.append(error(FORM, "", "form_unreadable", message))


def _read_golden(package: Package, name: str, text: str) -> None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as problem:
        message = N_("Không đọc được hồ sơ mẫu (%(problem)s). Hãy sửa chỗ đó.", problem=str(problem)[:200])
        package.findings.append(error(name, "", "golden_unreadable", message))
        return
    if isinstance(found, Mapping):
        package.golden[name] = found
    else:
        message = N_("Hồ sơ mẫu phải là một đối tượng JSON có «answers», «steps», «expect».")
        package.findings.append(error(name, "", "golden_unreadable", message))
