"""Values that cross the boundary of dossiers: drafts, dossiers, slips, results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, Final
from uuid import UUID

from motcua.dossiers.types.facts import FactInfo
from motcua.dossiers.types.solving import Solved, SolvedPaper, SparedPaperInfo
from motcua.kernel.messages import N_


class NationalState(IntEnum):
    """The ten states in which a dossier is reported to the national portal.

    Source: Circular 01/2018/TT-VPCP, Art. 16; in force 2019-01-06.
    """

    NEW = 1
    RECEIVED = 2
    NOT_RECEIVED = 3
    IN_PROGRESS = 4
    SUPPLEMENT = 5
    PAYMENT = 6
    WITHDRAWN = 7
    STOPPED = 8
    DONE = 9
    DELIVERED = 10

    @property
    def label(self) -> str:
        """Return the state in the words of the national portal."""
        return NATIONAL_STATE_LABELS[self]

    @property
    def is_waiting(self) -> bool:
        """Return whether the office waits for the applicant or is stopped."""
        return self in (NationalState.SUPPLEMENT, NationalState.PAYMENT, NationalState.STOPPED)

    @property
    def is_ended(self) -> bool:
        """Return whether nobody has to work on the dossier any more."""
        return self in (
            NationalState.NOT_RECEIVED,
            NationalState.WITHDRAWN,
            NationalState.STOPPED,
            NationalState.DONE,
            NationalState.DELIVERED,
        )


NATIONAL_STATE_LABELS: Final[dict[NationalState, str]] = {
    NationalState.NEW: N_("Mới đăng ký"),
    NationalState.RECEIVED: N_("Được tiếp nhận"),
    NationalState.NOT_RECEIVED: N_("Không được tiếp nhận"),
    NationalState.IN_PROGRESS: N_("Đang xử lý"),
    NationalState.SUPPLEMENT: N_("Yêu cầu bổ sung giấy tờ"),
    NationalState.PAYMENT: N_("Yêu cầu thực hiện nghĩa vụ tài chính"),
    NationalState.WITHDRAWN: N_("Công dân yêu cầu rút hồ sơ"),
    NationalState.STOPPED: N_("Dừng xử lý"),
    NationalState.DONE: N_("Đã xử lý xong"),
    NationalState.DELIVERED: N_("Đã trả kết quả"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to "may this be done now": the code and the sentence say why not."""

    allowed: bool
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A stored file beside a field: of a draft, of a paper, or of the answer to a supplement request."""

    uuid: UUID
    field_key: str
    file_id: int
    filename: str
    media_type: str
    size_bytes: int
    scan_state: str


@dataclass(frozen=True, slots=True)
class DraftInfo:
    """What a person has typed so far."""

    uuid: UUID
    procedure_version_id: int
    owner_id: int | None
    data: Mapping[str, Any]
    applicant_kind: str
    applicant_id: int | None
    result_channel: str
    page_key: str
    pages_done: tuple[str, ...]
    revision: int
    client_key: UUID
    channel: str
    reception_agency_id: int | None
    updated_at: datetime
    expires_at: datetime
    is_deleted: bool
    submitted_case_id: int | None
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    fact_asks: int = 0
    files: tuple[AttachedFile, ...] = ()
    spared: tuple[SolvedPaper, ...] = ()  # what is known of papers that need not be handed in
    solved: Solved | None = None

    def get_files(self, field_key: str) -> tuple[AttachedFile, ...]:
        """Return the files beside one field."""
        return tuple(file for file in self.files if file.field_key == field_key)


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A saved page: the draft as it is now, and what is wrong with the page as (key, sentence)."""

    draft: DraftInfo
    errors: tuple[tuple[str, str], ...]
    warnings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One line of "my unfinished dossiers"."""

    uuid: UUID
    procedure_name: str
    updated_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ApplicantSnapshot:
    """The applicant as he was when the dossier was filed; printed on every slip."""

    name: str
    identifier: str
    address: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class PaperInfo:
    """One paper of a dossier with its file."""

    uuid: UUID
    field_key: str
    code: str
    name: str
    source: str
    added_at: datetime
    is_replaced: bool
    file_id: int
    filename: str
    media_type: str
    size_bytes: int
    scan_state: str


@dataclass(frozen=True, slots=True)
class SlipInfo:
    """One issued slip. It has no file until its PDF has been drawn."""

    uuid: UUID
    kind: int
    name: str
    no: str
    issued_at: datetime
    issued_by_name: str
    file_id: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SupplementInfo:
    """The one request to complete the dossier and what became of it."""

    field_keys: tuple[str, ...]
    paper_keys: tuple[str, ...]
    reason: str
    requested_at: datetime
    requested_by_name: str
    due_at: datetime
    answer: Mapping[str, Any]
    revision: int
    answered_at: datetime | None
    changes: tuple[Mapping[str, Any], ...]
    files: tuple[AttachedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultInfo:
    """The signed result."""

    uuid: UUID
    no: str
    decision: str
    verification_code: str
    sha256: str
    signed_by_name: str
    issued_at: datetime
    file_id: int


@dataclass(frozen=True, slots=True)
class DraftResultInfo:
    """The unsigned result that waits for the leader."""

    uuid: UUID
    decision: str
    result_no: str
    sha256: str
    created_at: datetime
    file_id: int
    approved_at: datetime | None
    approved_by_name: str


@dataclass(frozen=True, slots=True)
class AppraisalInfo:
    """What the specialist proposed."""

    decision: str
    note: str
    result_fields: Mapping[str, Any]
    official_name: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class DossierInfo:
    """A filed dossier with everything that its pages show."""

    id: int
    uuid: UUID
    case_id: int
    dossier_no: str
    procedure_version_id: int
    agency_id: int
    reception_agency_id: int
    channel: str
    result_channel: str
    applicant_kind: str
    applicant_id: int
    applicant: ApplicantSnapshot
    submitted_by_id: int | None
    submitter: Mapping[str, Any]
    form_data: Mapping[str, Any]
    form_sha256: str
    fee_vnd: int | None
    fee_reason: str
    received_at: datetime
    revision: int
    delivered_at: datetime | None
    delivered_to: str


@dataclass(frozen=True, slots=True)
class DossierFolder:
    """A dossier with its papers, slips, supplement, appraisals and result: read in a fixed number of queries."""

    dossier: DossierInfo
    papers: tuple[PaperInfo, ...]
    slips: tuple[SlipInfo, ...]
    supplement: SupplementInfo | None
    appraisals: tuple[AppraisalInfo, ...]
    draft_result: DraftResultInfo | None
    result: ResultInfo | None
    facts: tuple[FactInfo, ...] = ()
    spared: tuple[SparedPaperInfo, ...] = ()

    def find_slip(self, kind: int) -> SlipInfo | None:
        """Return the issued slip of this kind, if any."""
        return next((slip for slip in self.slips if slip.kind == kind), None)


@dataclass(frozen=True, slots=True)
class DossierRow:
    """One line of a resident's list of dossiers."""

    uuid: UUID
    dossier_no: str
    procedure_name: str
    applicant_name: str
    received_at: datetime
    due_at: datetime | None
    state: NationalState
    has_result: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingCount:
    """Dossiers of a procedure, and how often it was settled as a part of another filing (liên thông)."""

    code: str
    name: str
    dossiers: int
    linked: int


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One line of the register book (slip 07)."""

    no: int
    dossier_no: str
    procedure_name: str
    applicant_name: str
    applicant_contact: str
    agency_name: str
    received_at: datetime
    due_at: datetime | None
    returned_at: datetime | None
    result_channel: str
    state: NationalState


@dataclass(frozen=True, slots=True)
class Filed:
    """The answer to a filing; a second press gets the same one."""

    case_id: int
    dossier_uuid: UUID
    dossier_no: str
    received_at: datetime
    due_at: datetime | None
    agency_id: int
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """What anybody with the code may know: the code and the state, nothing else."""

    code: str
    state: int
    state_label: str
    is_ended: bool


@dataclass(frozen=True, slots=True)
class ResultVerification:
    """What a verifier is told about an issued result: enough to compare with the paper in hand, no personal data."""

    verification_code: str
    result_no: str
    decision: str
    procedure_name: str
    agency_name: str
    signed_by_name: str
    issued_at: datetime
    sha256: str
    dossier_no: str


@dataclass(frozen=True, slots=True)
class FileVerification:
    """What an uploaded file turned out to be. `status`: genuine, changed, signed_elsewhere, unsigned, unreadable."""

    status: str
    sentences: tuple[str, ...]
    result: ResultVerification | None = None


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that two tabs filled differently: what is saved and what was typed here."""

    key: str
    label: str
    saved: str
    typed: str


@dataclass(frozen=True, slots=True)
class SupplementItems:
    """The exact fields and papers that the office asks for."""

    field_keys: tuple[str, ...] = ()
    paper_keys: tuple[str, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.field_keys or self.paper_keys)
