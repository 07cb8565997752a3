"""The files of a package: which may stand in it, what golden cases and linked procedures must look like."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from motcua.kernel.messages import N_, join
from motcua.procedures.types import LinkedProcedure
from motcua.process.dmn import DecisionModelError, parse_decisions

FILES = ("procedure.toml", "process.bpmn", "form.json", "result.typ")
EXTRA_FILES = re.compile(
    r"^(?:records\.toml|decisions/[a-z][a-z0-9_\-]{0,50}\.dmn|(?:golden|migrations)/[a-zA-Z0-9_\-.]{1,60}\.(?:json|toml))$"
)
DECISIONS = "decisions/"
RECORDS = "records.toml"  # what an issued result says to the registers
MAX_FILES = 200
MAX_FILE_BYTES = 2_000_000
MAX_PACKAGE_BYTES = 8_000_000
_GOLDEN_KEYS = ("name", "filed_at", "channel", "answers", "steps", "expect")
CODE = re.compile(r"[0-9A-Z][0-9A-Z.\-]{2,31}")

Report = Callable[[str, str], None]  # message, part


def is_package_path(path: str) -> bool:
    """Tell whether a file of this path belongs into a package."""
    return path in FILES or EXTRA_FILES.match(path) is not None


def check_files(contents: Mapping[str, bytes], report: Report) -> None:
    """Report what is missing, what does not belong, what is too large, and golden cases that cannot be read."""
    for name in FILES:
        if name not in contents:
            report(N_("thiếu tệp"), name)
    if len(contents) > MAX_FILES or sum(map(len, contents.values())) > MAX_PACKAGE_BYTES:
        report(
            N_(
                "gói quá %(files)s tệp hoặc quá %(megabytes)s MB",
                files=MAX_FILES,
                megabytes=MAX_PACKAGE_BYTES // 1_000_000,
            ),
            "procedure.toml",
        )
    for path, content in contents.items():
        if not is_package_path(path):
            report(N_("tệp này không thuộc gói thủ tục"), path)
        if len(content) > MAX_FILE_BYTES:
            report(N_("tệp lớn hơn %(megabytes)s MB", megabytes=MAX_FILE_BYTES // 1_000_000), path)
        elif path.startswith("golden/"):
            _check_golden(content, path, report)
        elif path.startswith(DECISIONS):
            _check_decisions(content, path, report)


def _check_golden(content: bytes, path: str, report: Report) -> None:
    try:
        golden = json.loads(content)
    except (ValueError, RecursionError) as error:
        report(N_("không đọc được: %(reason)s", reason=str(error)), path)
        return
    if not isinstance(golden, dict):
        report(N_("hồ sơ mẫu phải là một đối tượng JSON"), path)
        return
    for key in _GOLDEN_KEYS:
        if key not in golden:
            report(N_("hồ sơ mẫu thiếu «%(key)s»", key=key), path)


def _check_decisions(content: bytes, path: str, report: Report) -> None:
    try:
        model = parse_decisions(content)
    except DecisionModelError as error:
        for problem in error.problems:
            report(join((part for part in (problem.element_id, problem.message_vi) if part), separator=": "), path)
        return
    name = path.removeprefix(DECISIONS).removesuffix(".dmn")
    if not any(name in (decision.name, decision.id) for decision in model.decisions):
        report(N_("tệp phải có bảng quyết định tên %(name)s", name=repr(name)), path)


def list_decisions(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the decision texts of a package by name: `decisions/fee.dmn` is "fee"."""
    return {
        path.removeprefix(DECISIONS).removesuffix(".dmn"): content
        for path, content in sorted(contents.items())
        if path.startswith(DECISIONS)
    }


def read_linked(rows: list[Mapping[str, Any]], own_code: str, report: Report) -> Iterator[LinkedProcedure]:
    """Read `[[linked]]`: the registrations that one filing settles."""
    seen = {own_code}
    for row in rows:
        code, name, share = row.get("code"), row.get("name"), row.get("share_workdays")
        if not isinstance(code, str) or not CODE.fullmatch(code) or code in seen:
            report(N_("[[linked]] có mã %(code)s không đúng dạng hoặc lặp lại", code=repr(code)), "procedure.toml")
            continue
        if not isinstance(name, str) or not name.strip():
            report(N_("[[linked]] %(code)s thiếu «name»", code=code), "procedure.toml")
            continue
        if share is not None and (isinstance(share, bool) or not isinstance(share, int) or share < 1):
            report(
                N_("[[linked]] %(code)s: «share_workdays» phải là số nguyên từ 1 trở lên", code=code), "procedure.toml"
            )
            continue
        seen.add(code)
        yield LinkedProcedure(
            code=code,
            name=name.strip(),
            agency_name=str(row.get("agency_name", "")),
            share_workdays=share,
            legal_ref=str(row.get("legal_ref", "")),
            mark="unsure" if row.get("mark") == "unsure" else "sure",
        )
