"""What the catalogue hands out: frozen values, never models.

A procedure page needs one `ProcedureDetail` and nothing else. A field that the source did not state, or that could not
be read with certainty, is None or empty and its own words stand in `source_texts` and `doubts`: show them, never guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as data_field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from motcua.kernel.messages import N_count, join

if TYPE_CHECKING:  # rules reach no Django, even through a neighbour
    from motcua.places.public import AgencyInfo

Channel = Literal["online", "in_person", "post"]
FeeChannel = Literal["online", "in_person", "post", "any"]
ApplicantKind = Literal["person", "organisation", "any"]
OnlineLevel = Literal["full", "partial", "none"]
Audience = Literal["citizen", "business", "foreigner", "agency"]
Level = Literal["commune", "city", "ministry", "other"]
TermUnit = Literal["workday", "work_hour", "calendar_day", "month"]
ClockRule = Literal["restart", "pause"]
Mark = Literal["sure", "unsure"]
Source = Literal["national", "designed", "list"]
PaperKind = Literal["original", "copy", "either", "form"]

CHANNELS: tuple[Channel, ...] = ("online", "in_person", "post")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One component of the dossier (thành phần hồ sơ). `code` is stable inside a version: form field `paper_<code>`."""

    code: str
    name: str
    kind: PaperKind = "either"  # bản chính | bản sao | cả hai/không nêu | tờ khai theo mẫu
    originals: int | None = None  # None: not stated by the source
    copies: int | None = None
    required: bool = True
    condition: str = ""  # the group's heading or the case in which the paper is needed, in the source's words
    template_name: str = ""  # file name of the statutory form, when stated ("10-Mẫu NA9.doc")
    reusable: bool = False  # may be fetched from a register or the person's vault
    answered_by: tuple[str, ...] = ()  # what else proves it, so that nobody is asked for it: see `rules.answers`
    mark: Mark = "sure"

    @property
    def count_text(self) -> str:
        """Say how many originals and copies, as a sentence for screens; empty when the source does not say."""
        parts = []
        if self.originals:
            parts.append(N_count("%(count)s bản chính", self.originals, count=self.originals))
        if self.copies:
            parts.append(N_count("%(count)s bản sao", self.copies, count=self.copies))
        return join(parts, separator=", ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """The processing term (thời hạn giải quyết). `is_stated` False: a city default, show `text` to people."""

    amount: int
    unit: TermUnit
    clock_rule: ClockRule = "restart"
    is_stated: bool = True
    text: str = ""  # for people: "07 ngày làm việc", or "Chưa nêu trong dữ liệu nguồn"
    mark: Mark = "sure"
    legal_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """One line of "cách thức thực hiện": a way to file with its own term, fee and note, as the source states them."""

    channel: Channel
    term_text: str = ""
    fee_text: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRow:
    """One row of the fee table. `amount_vnd` None: the source's words (`text`) could not be read as whole đồng."""

    label: str
    channel: FeeChannel = "any"
    applicant_kind: ApplicantKind = "any"
    amount_vnd: int | None
    per: str = ""  # "hồ sơ", "bản", "lần"; "bản" multiplies by the number of copies
    valid_from: date | None = None
    valid_to: date | None = None  # half-open
    legal_ref: str = ""
    text: str = ""
    mark: Mark = "sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLine:
    """One fee of one filing: what is to be paid, by which article; and what is not asked of it, on what other ground.

    `by_law_vnd`: the sum before an exemption or the city's zero rate; None: nothing was taken off, or it is not known.
    """

    label: str
    amount_vnd: int | None
    legal_ref: str = ""
    text: str = ""
    by_law_vnd: int | None = None
    waived_by: Literal["", "statute", "city"] = ""  # an exemption of the law, or the city's zero rate for online filing
    waived_text: str = ""
    waived_ref: str = ""
    waived_group: str = ""  # of whom a register has to prove that they belong to it


@dataclass(frozen=True, slots=True, kw_only=True)
class WaivedProcedure:
    """A procedure of the catalogue whose fees the city takes to zero. `is_read` False: only its field says so."""

    code: str
    name: str
    field: str
    labels: tuple[str, ...]
    is_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaivedCategory:
    """A category of fees that the city's resolution names, with the procedures at hand that fall under it."""

    code: str
    name: str
    legal_ref: str
    procedures: tuple[WaivedProcedure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """The fee to be collected. `amount_vnd` None: an official fixes it by the texts in `lines`; 0 is a known zero."""

    amount_vnd: int | None
    lines: tuple[FeeLine, ...]
    reason_vi: str
    hangs_on_answers: bool = False  # the amount is known once the form is filled in; `lines` are the rows it may be


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityMessage:
    """What somebody must know before filing. `blocks`: they may not file with these answers."""

    code: str
    message: str
    blocks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBasis:
    title: str
    number: str = ""  # 60/2014/QH13; empty when the source glued it beyond reading


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeEventInfo:
    code: str
    name: str
    description: str
    audience: Audience = "citizen"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetenceRule:
    """Who solves it: `level` and `agency_kind` choose the agency; `area_from` says whose place counts."""

    level: Level
    agency_kind: str  # a places agency kind: people_committee, police, department, tax, service_centre, other
    area_from: str = "applicant"  # "applicant" | "form:<field key>"
    agency_code: str = ""  # a fixed agency, when the law names one
    agency_name: str = ""  # how people call it: "Sở Xây dựng"
    basis: str = ""  # "việc đăng ký khai sinh thuộc UBND cấp xã nơi cư trú"
    legal_ref: str = ""
    mark: Mark = "sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedProcedure:
    """A registration that is settled in the same filing (thủ tục liên thông): counted with it, on its one clock."""

    code: str
    name: str
    agency_name: str = ""
    share_workdays: int | None = None  # of the one term; shares of parallel branches may overlap
    legal_ref: str = ""
    mark: Mark = "sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Something the import did not read with certainty."""

    field: str
    code: str
    message: str  # Vietnamese sentence for the page and the report


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureSummary:
    """One line of a list of procedures."""

    version_id: int
    uuid: UUID
    code: str
    name: str
    field: str
    levels: tuple[Level, ...]
    audiences: tuple[Audience, ...]
    online_level: OnlineLevel
    term_text: str
    source: Source
    is_fileable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureDetail:
    """Everything a procedure page, a filing and a running case need to know about one version of a procedure."""

    version_id: int
    uuid: UUID  # of the procedure, stable over versions
    code: str
    version_no: int
    valid_from: date
    valid_to: date | None
    name: str
    aliases: tuple[str, ...]
    field: str
    levels: tuple[Level, ...]
    issuing_agency: str
    executing_agency: str  # lines joined by "; "
    receiving_address: str
    decision_no: str
    subjects: tuple[str, ...]  # the source's words
    audiences: tuple[Audience, ...]
    online_level: OnlineLevel
    online_reason: str  # published reason when the level is not full (LAW 1.7)
    term: Term
    channels: tuple[Channel, ...]
    channel_rows: tuple[ChannelRow, ...]
    papers: tuple[Paper, ...]
    fees: tuple[FeeRow, ...]
    steps: str  # plain text, lines separated by "\n"
    requirements: str
    legal_bases: tuple[LegalBasis, ...]
    result_names: tuple[str, ...]
    life_events: tuple[LifeEventInfo, ...]
    competence: CompetenceRule
    process_key: str
    process_version_id: int | None  # cases.ProcessVersion; None only when is_fileable is False
    is_fileable: bool
    source: Source
    source_url: str
    mark: Mark
    doubts: tuple[Doubt, ...]
    source_texts: Mapping[str, str]  # field -> the source's own words where they were not (fully) read
    linked: tuple[LinkedProcedure, ...] = ()
    decision_names: tuple[str, ...] = ()  # "fee", "eligibility": see `get_decision`
    approved_by_decision_no: str = ""  # the decision that approves the electronic process, when its owner published it

    @property
    def is_designed(self) -> bool:
        return self.source == "designed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultTemplate:
    """The typst template of the result paper as it was when the version was loaded, and the file it came from."""

    name: str
    text: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldInfo:
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchMissInfo:
    """A folded text that found nothing, and how often."""

    term_folded: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of search results. `understood_as`: the official words a person's own words were read as."""

    items: tuple[ProcedureSummary, ...]
    number: int
    has_next: bool
    has_previous: bool
    total_capped: int
    is_total_capped: bool
    text: str
    understood_as: tuple[str, ...] = ()
    match: Literal["all", "exact", "words", "some_words", "similar", "none"] = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProblem:
    code: str
    subject: str  # procedure code or file name
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCount:
    """How one field fared over all records. parsed + doubtful + unparsed + empty = records."""

    parsed: int = 0
    doubtful: int = 0
    unparsed: int = 0
    empty: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    records_found: int = 0
    records_imported: int = 0  # now in the catalogue: created + changed + unchanged
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    catalogue_rows: int = 0
    catalogue_created: int = 0
    catalogue_changed: int = 0
    catalogue_unchanged: int = 0
    fields: Mapping[str, FieldCount] = data_field(default_factory=dict)
    problems: tuple[ImportProblem, ...] = ()

    @property
    def has_changes(self) -> bool:
        return bool(self.created or self.changed or self.catalogue_created or self.catalogue_changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageProblem:
    package: str
    part: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()  # the owner has published a version of their own, which stays in force

    @property
    def has_changes(self) -> bool:
        return bool(self.created or self.changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Competence:
    """The agency that solves it, who receives it, and why. `agency` None: not in the city's list of agencies."""

    agency: AgencyInfo | None
    reception: AgencyInfo | None
    reason_vi: str
    is_certain: bool = True


@dataclass(frozen=True, slots=True)
class FilingRule:
    """By which rule an office is found for a procedure. `is_fileable` False: so far only a name in the catalogue."""

    code: str
    name: str
    rule: CompetenceRule
    is_fileable: bool
