"""What the clockwork does, in words: an operator reads what is late, not the name of a function."""

from __future__ import annotations

from datetime import datetime, timedelta

from motcua.kernel.messages import N_, Message
from motcua.operations.types import KeyState

ENDING_WITHIN = timedelta(days=60)

INCIDENT_EVENTS = {  # what came to a process and could not be taken
    "timer": N_("Một mốc thời gian đã đến hạn"),
    "service": N_("Một dịch vụ đã trả lời"),
    "error": N_("Một dịch vụ đã báo lỗi"),
    "message": N_("Một tin đã đến"),
    "signal": N_("Một tín hiệu đã phát"),
}
JOBS = {
    "audit.chain_pending": N_("Nối nhật ký kiểm toán vào chuỗi"),
    "cases.fire_due_timers": N_("Chạy các mốc thời gian của hồ sơ đến hạn"),
    "documents.complete_signatures": N_("Bổ sung dấu thời gian cho chữ ký số"),
    "documents.rescan_pending": N_("Quét lại tệp đang chờ kiểm tra mã độc"),
    "dossiers.fetch_facts": N_("Lấy dữ liệu còn thiếu cho hồ sơ từ các sổ"),
    "dossiers.purge_drafts": N_("Xóa bản nháp đã hết hạn giữ"),
    "dossiers.recheck_exemptions": N_("Tra lại diện miễn, giảm phí"),
    "exchange.chain_messages": N_("Nối thông điệp trao đổi vào chuỗi"),
    "exchange.forget_nonces": N_("Xóa dấu chống gửi lặp đã cũ"),
    "exchange.sign_batches": N_("Ký các lô thông điệp trao đổi"),
    "exchange.stamp_batches": N_("Đóng dấu thời gian các lô thông điệp"),
    "indices.refresh_copy": N_("Làm mới bản sao số liệu"),
    "national.compare_yesterday": N_("So trạng thái hôm qua với cổng quốc gia"),
    "national.fetch_packages": N_("Nhận gói hồ sơ từ cổng quốc gia"),
    "national.send_onward": N_("Chuyển tiếp hồ sơ sang cơ quan khác"),
    "national.send_statuses": N_("Gửi trạng thái hồ sơ lên cổng quốc gia"),
    "outbox.forget_delivered": N_("Xóa sự kiện đã giao xong"),
    "payments.ask_waiting": N_("Hỏi cổng thanh toán về khoản đang chờ"),
    "payments.send_refunds": N_("Gửi lệnh hoàn tiền"),
    "payments.sign_receipts": N_("Ký số biên lai đã cấp số"),
    "portal.forget_askers": N_("Xóa dấu người hỏi quá nhanh"),
    "registers.forget_rejected_rows": N_("Xóa dòng bị từ chối đã quá hạn giữ"),
    "registers.measure_quality": N_("Đo chất lượng các sổ dữ liệu"),
    "vault.execute_deletions": N_("Thực hiện yêu cầu xóa kho giấy tờ"),
}


def say_job(name: str) -> Message | str:
    """Return what the job of this name does; a job that nobody described yet keeps its name."""
    return JOBS.get(name, name)


def judge_key(*, valid_to: datetime, is_revoked: bool, now: datetime) -> KeyState:
    """Say how a signing key stands; one that ends within two months shall be renewed now."""
    if is_revoked:
        return "revoked"
    if valid_to <= now:
        return "ended"
    return "ending" if valid_to - now < ENDING_WITHIN else "good"
