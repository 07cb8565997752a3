"""Which procedures of the catalogue the city's zero rate takes in, by category: counted on whatever is loaded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from motcua.kernel.text import fold
from motcua.procedures.models import PackageFile, ProcedureVersion
from motcua.procedures.queries.catalogue import in_force
from motcua.procedures.queries.data import load_waivers
from motcua.procedures.queries.decisions import parse_cached
from motcua.procedures.rules import decisions as rules
from motcua.procedures.rules.drafts import fee_from_plain
from motcua.procedures.rules.exemptions import CHARGES
from motcua.procedures.rules.fees import FeeCategory, is_in_force
from motcua.procedures.rules.package_files import DECISIONS
from motcua.procedures.types import Channel, WaivedCategory, WaivedProcedure

CHANNEL: Channel = "online"


def list_waived(*, on: date) -> tuple[WaivedCategory, ...]:
    """Return the categories of the zero rate in force, each with its procedures of the catalogue on that day.

    A procedure counts when one of its fees is named, or, where the catalogue does not state its fees, when its field
    is: `is_read` tells the two apart. Three queries, however many procedures.
    Source: Decision 411/NQ-HĐND, Art. 1; in force 2025-09-29.
    """
    at_hand = [each for each in load_waivers() if is_in_force(each, on=on)]
    pairs = [(waiver, category) for waiver in at_hand for category in waiver.categories]
    if not pairs:
        return ()
    fields = frozenset[str]().union(*(category.fields for _waiver, category in pairs))
    rows = [row for row in _list_versions(on) if fold(row.field) in fields]
    decided = _read_decided_labels([row.pk for row in rows if rules.FEE in row.decision_names])
    return tuple(
        WaivedCategory(
            code=category.code,
            name=category.name,
            legal_ref=waiver.legal_ref,
            procedures=tuple(_keep(category, rows, decided)),
        )
        for waiver, category in pairs
    )


def _list_versions(on: date) -> list[ProcedureVersion]:
    rows = ProcedureVersion.objects.filter(in_force(on)).select_related("procedure")
    return list(rows.only("name", "field", "fees", "decision_names", "procedure__code").order_by("procedure__code"))


def _read_decided_labels(version_ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    files = PackageFile.objects.filter(version__in=version_ids, path=f"{DECISIONS}{rules.FEE}.dmn")
    found = {}
    for version_id, content in files.values_list("version_id", "content"):
        table = rules.find_table(parse_cached(bytes(content)), rules.FEE)
        found[version_id] = rules.list_labels(table) if table is not None else []
    return found


def _keep(
    category: FeeCategory, rows: Iterable[ProcedureVersion], decided: dict[int, list[tuple[str, str]]]
) -> Iterable[WaivedProcedure]:
    for row in rows:
        if fold(row.field) not in category.fields:
            continue
        fees = [fee_from_plain(each) for each in row.fees]
        stated = decided.get(row.pk) or [(fee.label, fee.text) for fee in fees if fee.channel in (CHANNEL, "any")]
        labels = dict.fromkeys(label for label, text in stated if _is_named(category, label, text))
        if labels or not (stated or fees):
            yield WaivedProcedure(
                code=row.procedure.code, name=row.name, field=row.field, labels=tuple(labels), is_read=bool(labels)
            )


def _is_named(category: FeeCategory, label: str, text: str) -> bool:
    return fold(label) in category.labels and not any(charge in fold(text) for charge in CHARGES)
