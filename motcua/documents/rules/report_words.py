"""The report in plain Vietnamese: what was found, who signed, when, and why a signature is not confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pyhanko.sign.ades.report import AdESIndeterminate, AdESSubIndic

from motcua.documents.rules.containers import WEAK as WEAK
from motcua.documents.rules.containers import WRONG_USAGE as WRONG_USAGE
from motcua.documents.types import SignatureReport, SignatureStatus, SignerInfo
from motcua.kernel.clock import format_moment
from motcua.kernel.messages import N_, Message, join

_SENTENCES: dict[SignatureStatus, Message] = {
    "valid": N_("Chữ ký số hợp lệ. Tệp còn nguyên vẹn từ khi ký."),
    "changed": N_("Tệp đã bị thay đổi sau khi ký. Đừng dùng bản này; hãy tải lại bản gốc từ cơ quan cấp."),
    "untrusted": N_("Tệp còn nguyên vẹn từ khi ký, nhưng không tin được người ký. Hãy hỏi cơ quan ghi trên giấy."),
    "unsigned": N_("Tệp này không có chữ ký số. Hãy tra mã xác minh in trên giấy, hoặc xin bản có chữ ký số."),
    "unreadable": N_(
        "Không đọc được tệp này: không phải PDF hay XML, hoặc tệp đã hỏng hay tải thiếu. Hãy tải lại tệp gốc."
    ),
}
_UNPROVED = N_(
    "Tệp có chữ ký nhưng không kiểm tra được: không xác nhận được người ký, cũng không chứng minh được tệp còn "
    "nguyên vẹn. Hãy hỏi cơ quan ghi trên giấy."
)
_INTACT_ONLY = N_("Tệp còn nguyên vẹn từ khi ký, nhưng chữ ký chưa đủ tin cậy. Hãy hỏi cơ quan ghi trên giấy.")
_FILLED_ONLY = N_(
    "Phần đã ký còn nguyên vẹn, nhưng sau đó có ô được điền thêm. Chữ ký không xác nhận phần điền thêm; hãy hỏi "
    "cơ quan ghi trên giấy."
)
FILLED = N_("Người ký để ngỏ các ô của biểu mẫu, và sau khi ký có ô được điền.")
REDRAWN = N_("Biểu mẫu được vẽ lại theo quy tắc thêm vào sau khi ký.")
TAKEN_OFF = N_("Tệp từng có chữ ký số, nhưng chữ ký đã bị gỡ ra.")
_NOT_OPENED = N_("Tệp này không kiểm tra được chữ ký ở đây.")
TOO_LARGE = N_("Tệp lớn hơn 20 MB nên không kiểm tra được ở đây. Hãy tải lại tệp gốc từ cơ quan cấp.")
ENCRYPTED = N_("Tệp có mật khẩu hoặc bị mã hóa nên không xác nhận được. Hãy xin bản không khóa.")
TOO_COMPLEX = N_("Tệp có quá nhiều phần để kiểm tra. Hãy tải lại tệp gốc từ cơ quan cấp.")
TWO_TABLES = N_("Tệp có hai bảng mục lục nên các phần mềm có thể hiện ra khác nhau.")
CHANGED_AFTER = N_("Sau chữ ký này tệp có thay đổi không được phép.")
ALTERED = N_("Nội dung không khớp với chữ ký.")
NOT_READ = N_("Chữ ký bị hỏng hoặc bị sửa nên không đọc được.")
KIND_UNKNOWN = N_("Loại chữ ký này không được chấp nhận (SubFilter).")
LIVING = N_("Tệp có mã chạy hoặc biểu mẫu động nên thứ hiện ra có thể khác thứ đã ký.")
STAMP_BROKEN = N_("Dấu thời gian không khớp hoặc đã bị sửa.")
STAMP_UNKNOWN = N_("Dấu thời gian không thuộc tổ chức được tin cậy.")
COVERED = N_("Hình của một chữ ký thêm sau che phần lớn trang giấy.")
CLAIM_IMPOSSIBLE = N_("Giờ ký mà người ký tự ghi không thể đúng.")
STAMP_SHOWN = N_("Dấu thời gian che lên trang giấy.")
NO_CERTIFICATE_BOUND = N_("Chữ ký không gắn với một chứng thư nhất định.")
SEED_BROKEN = N_("Chữ ký không theo điều kiện mà ô ký đặt ra.")
REVOKED = N_("Chứng thư đã bị thu hồi khi ký, hoặc không chứng minh được là ký trước khi bị thu hồi.")
EXPIRED = N_("Chứng thư hết hạn hoặc chưa có hiệu lực vào lúc ký.")
NO_CHAIN = N_("Chứng thư không do tổ chức được tin cậy cấp.")
_NO_ANSWER = N_("Chưa xác nhận được chứng thư còn hiệu lực, hoặc có bị thu hồi hay không.")
_UNCONFIRMED = N_("Không xác nhận được chứng thư của người ký.")
_TRUST_REASONS: dict[AdESSubIndic, Message] = {
    AdESIndeterminate.REVOKED_NO_POE: REVOKED,
    AdESIndeterminate.REVOKED_CA_NO_POE: REVOKED,
    AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE: REVOKED,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: EXPIRED,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: EXPIRED,
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: NO_CHAIN,
    AdESIndeterminate.TRY_LATER: _NO_ANSWER,
    AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE: _NO_ANSWER,
}
CLAIM_TOLERANCE = timedelta(minutes=10)


def explain_distrust(problem: AdESSubIndic | None) -> Message:
    """Return why a certificate is not believed."""
    return _UNCONFIRMED if problem is None else _TRUST_REASONS.get(problem, _UNCONFIRMED)


def make_report(
    status: SignatureStatus,
    signers: Sequence[SignerInfo] = (),
    *,
    covers_whole_file: bool = False,
    archived_at: Sequence[datetime] = (),
    reasons: Sequence[str] = (),
) -> SignatureReport:
    report = SignatureReport(
        status, tuple(signers), covers_whole_file=covers_whole_file, sentences_vi=(), archived_at=tuple(archived_at)
    )
    sentences: list[str] = [_choose_headline(report, reasons)]
    sentences += [describe_signer(signer) for signer in signers]
    seen = dict.fromkeys((*reasons, *(reason for signer in signers for reason in signer.reasons_vi)))
    sentences += seen
    if archived_at:
        sentences.append(N_("Dấu thời gian lưu trữ phủ toàn tệp: %(moment)s.", moment=format_moment(archived_at[-1])))
    return replace(report, sentences_vi=tuple(sentences))


def _choose_headline(report: SignatureReport, reasons: Sequence[str]) -> Message:
    """What the reader must know first: two questions are apart, is it whole, and who is believed."""
    if FILLED in reasons and report.integrity == "intact":
        return _FILLED_ONLY
    if report.status == "untrusted" and report.integrity != "intact":
        return _UNPROVED
    if report.status == "untrusted" and all(signer.status == "valid" for signer in report.signers):
        return _INTACT_ONLY
    if report.status == "unreadable" and reasons:
        return _NOT_OPENED
    return _SENTENCES[report.status]


def describe_signer(signer: SignerInfo) -> Message:
    who = signer.organisation or signer.name or N_("không rõ cơ quan")
    parts = [N_("Bên ký ghi trong chứng thư: %(who)s", who=who)]
    if signer.signer_name:
        parts.append(N_("người ký: %(name)s", name=signer.signer_name))
    if signer.stamped_at:
        parts.append(N_("dấu thời gian %(moment)s", moment=format_moment(signer.stamped_at)))
    if signer.signed_at and not (signer.stamped_at and abs(signer.stamped_at - signer.signed_at) < CLAIM_TOLERANCE):
        words = N_("giờ người ký tự ghi %(moment)s", moment=format_moment(signer.signed_at))
        parts.append(words if signer.stamped_at else N_("lúc %(moment)s", moment=format_moment(signer.signed_at)))
    if signer.issuer:
        parts.append(N_("chứng thư do %(issuer)s cấp", issuer=signer.issuer))
    return Message("%(parts)s.", {"parts": join(parts)})
