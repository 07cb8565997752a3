"""What a register will not know because the specialist leaves a line of the result blank: told before he does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from motcua.dossiers.rules.recorded import Issue, build_context
from motcua.dossiers.types import DossierInfo
from motcua.kernel.clock import local_date
from motcua.places.public import get_agency
from motcua.procedures.public import find_package_file
from motcua.registers.public import find_key_gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecorded:
    """A register that waits while these lines of the result are blank."""

    register_name: str
    labels: tuple[str, ...]


def list_unrecorded(
    dossier: DossierInfo, *, typed: Mapping[str, object], labels: Mapping[str, str], now: datetime
) -> tuple[Unrecorded, ...]:
    """Return the registers that cannot take the result as typed. `labels`: of the lines, as the screen names them."""
    content = find_package_file(dossier.procedure_version_id, "records.toml")
    if content is None:
        return ()
    agency = get_agency(dossier.agency_id)
    context = build_context(
        dossier.form_data,
        result_fields=typed,
        applicant={**asdict(dossier.applicant), "kind": dossier.applicant_kind},
        dossier_no=dossier.dossier_no,
        received_on=local_date(dossier.received_at),
        issue=Issue(no="-", on=local_date(now), agency_code=agency.code, agency_name=agency.name),
    )
    return tuple(
        Unrecorded(register_name=gap.register_name, labels=tuple(labels.get(name, name) for name in gap.inputs))
        for gap in find_key_gaps(content, context=context)
    )
