"""All checks of a package, as they run before it is published."""

from __future__ import annotations

from motcua.designer.rules.form_checks import check_form_part
from motcua.designer.rules.plain_words import check_words
from motcua.designer.rules.procedure_checks import check_procedure
from motcua.designer.rules.process_checks import check_process
from motcua.designer.rules.reading import read_package, warning
from motcua.designer.rules.tables import check_decisions
from motcua.designer.rules.time_checks import check_time
from motcua.designer.types import Finding, PackageFiles, Surroundings
from motcua.kernel.messages import N_

MAX_FINDINGS = 500


def check_package(files: PackageFiles, *, surroundings: Surroundings) -> tuple[Finding, ...]:
    """Find everything to mend in a package: errors first, each at its element; never raises for what a file holds.

    Golden cases are replayed apart (`replay_golden`): they need a calendar.
    """
    package = read_package(files)
    findings = list(package.findings)
    findings += check_process(package, surroundings)
    findings += check_time(package)
    findings += check_form_part(package, surroundings)
    findings += check_decisions(package)
    findings += check_procedure(package)
    findings += check_words(package)
    if not package.golden:
        message = N_("Chưa có hồ sơ mẫu nào. Hãy thêm ít nhất một, để mỗi lần sửa đều được thử lại.")
        findings.append(warning("golden/", "", "golden_missing", message))
    ordered = sorted(dict.fromkeys(findings), key=lambda finding: finding.severity != "error")
    return tuple(ordered[:MAX_FINDINGS])
