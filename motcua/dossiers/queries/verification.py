"""What anybody may ask: where a dossier stands, and whether a paper in hand is genuine."""

from __future__ import annotations

from motcua.cases.public import find_case_by_code
from motcua.documents.public import find_origin_sha256, verify_document
from motcua.dossiers.models import Result
from motcua.dossiers.queries.dossiers import KIND
from motcua.dossiers.rules import derive_national_state
from motcua.dossiers.types import FileVerification, PublicStatus, ResultVerification
from motcua.kernel.codes import CodeRefused, parse_dossier_no, parse_verification_code
from motcua.places.public import get_agency
from motcua.procedures.public import get_procedure_version
from motcua.vault.public import CopyInfo, find_certified_by_code, find_certified_by_sha256

COPY_NAME = "Bản sao điện tử có chứng thực từ bản chính"


def track_by_code(code: str) -> PublicStatus | None:
    """Return the code and the state of a dossier, and nothing else; None when there is no such code.

    The code may be ours or that of the front door by which it came; the answer names the one that was asked.
    Raises: CodeRefused with a sentence when what was typed is no dossier code.
    Source: Circular 01/2018/TT-VPCP, Art. 16; in force 2019-01-06.
    """
    try:
        asked = str(parse_dossier_no(code))
    except CodeRefused:
        asked = code.strip().upper()[:80]
        if not asked or find_case_by_code(asked) is None:
            raise
    case = find_case_by_code(asked)
    if case is None or case.kind != KIND:
        return None
    state = derive_national_state(case.stage, case.outcome)
    return PublicStatus(code=case.code, state=int(state), state_label=state.label, is_ended=state.is_ended)


def verify_result(code: str) -> ResultVerification | None:
    """Return what was issued under a verification code, however it was typed; None when nothing was."""
    try:
        wanted = parse_verification_code(code)
    except CodeRefused:
        return None
    result = Result.objects.select_related("dossier").filter(verification_code=wanted).first()
    if result is not None:
        return _to_verification(result)
    copy = find_certified_by_code(wanted)
    return None if copy is None else _of_copy(copy)


def verify_file(content: bytes) -> FileVerification:
    """Say whether an uploaded PDF or XML file is a result that this system issued and that nobody changed."""
    origin, report = find_origin_sha256(content), verify_document(content)
    result = Result.objects.select_related("dossier").filter(sha256=origin).first()
    if result is not None and report.status == "valid":
        return FileVerification(status="genuine", sentences=tuple(report.sentences_vi), result=_to_verification(result))
    copy = find_certified_by_sha256(origin) if result is None else None
    if copy is not None and report.status == "valid":
        return FileVerification(status="genuine", sentences=tuple(report.sentences_vi), result=_of_copy(copy))
    status = {"valid": "signed_elsewhere", "untrusted": "signed_elsewhere"}.get(report.status, report.status)
    return FileVerification(status=status, sentences=tuple(report.sentences_vi))


def _of_copy(copy: CopyInfo) -> ResultVerification:
    """Say of a certified copy what is said of a result; its title, which may name a person, is on the paper itself."""
    assert copy.certified_at is not None  # only certified ones are found
    return ResultVerification(
        verification_code=copy.verification_code,
        result_no=copy.printed_no,
        decision="approved",
        procedure_name=COPY_NAME,
        agency_name=get_agency(copy.agency_id).name,
        signed_by_name=copy.approved_by_name,
        issued_at=copy.certified_at,
        sha256=copy.sha256,
        dossier_no="",
    )


def _to_verification(result: Result) -> ResultVerification:
    dossier = result.dossier
    return ResultVerification(
        verification_code=result.verification_code,
        result_no=result.no,
        decision=result.decision,
        procedure_name=get_procedure_version(dossier.procedure_version_id).name,
        agency_name=get_agency(dossier.agency_id).name,
        signed_by_name=result.signed_by_name,
        issued_at=result.issued_at,
        sha256=result.sha256,
        dossier_no=dossier.dossier_no,
    )
