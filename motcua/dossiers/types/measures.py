"""What of a dossier may be counted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierMeasure:
    """What a filing spared its applicant: papers and facts not asked for, fees not asked of it at the filing."""

    case_id: int
    papers_spared: int
    facts_spared: int
    waived_law_vnd: int
    waived_city_vnd: int
