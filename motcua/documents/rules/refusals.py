"""Every reason to refuse an upload: a stable code and the sentence that says what the sender can do.

The sentences hold no values, so that each is one entry of the message catalogue.
"""

from __future__ import annotations

from motcua.documents.types import UploadRefused
from motcua.kernel.messages import N_

_SENTENCES = {
    "empty": N_("Tệp này rỗng, không có nội dung. Hãy mở thử tệp trên máy của bạn rồi chọn lại."),
    "too_big": N_("Tệp lớn hơn 10 MB. Hãy quét lại ở độ phân giải thấp hơn hoặc tách thành nhiều tệp nhỏ."),
    "type": N_(
        "Chỉ nhận tệp PDF, JPG, PNG, DOCX hoặc XLSX. Hãy lưu giấy tờ thành một trong các dạng này rồi tải lên lại."
    ),
    "type_here": N_("Mục này không nhận dạng tệp bạn vừa chọn. Hãy xem các dạng được nhận ghi cạnh nút tải lên."),
    "heic": N_("Chưa nhận ảnh HEIC. Trên iPhone, chọn Cài đặt, Camera, Định dạng, “Tương thích nhất”, rồi chụp lại."),
    "renamed": N_("Phần đuôi của tên tệp không đúng với nội dung bên trong. Hãy dùng tệp gốc, đừng đổi đuôi tệp."),
    "hidden": N_("Tệp có nội dung ẩn gắn thêm nên không an toàn. Hãy xuất lại từ phần mềm gốc hoặc chụp ảnh giấy tờ."),
    "pdf_broken": N_("Tệp PDF bị hỏng nên không đọc được. Hãy mở tệp, chọn In rồi Lưu thành PDF, và tải bản mới lên."),
    "pdf_encrypted": N_("Tệp PDF có đặt mật khẩu. Hãy bỏ mật khẩu rồi tải lên lại để cán bộ đọc được."),
    "pdf_active": N_(
        "Tệp PDF có mã lệnh hoặc tệp đính kèm bên trong. Hãy chọn In rồi Lưu thành PDF, và tải bản mới lên."
    ),
    "pdf_too_complex": N_(
        "Tệp PDF quá phức tạp để kiểm tra an toàn. Hãy tách thành nhiều tệp nhỏ hoặc quét lại giấy tờ."
    ),
    "image_broken": N_("Ảnh bị hỏng hoặc chưa tải hết nên không mở được. Hãy chụp lại hoặc chọn ảnh khác."),
    "image_too_large": N_("Ảnh có quá nhiều điểm ảnh. Hãy chụp lại ở cỡ nhỏ hơn, dưới 50 triệu điểm ảnh."),
    "office_broken": N_("Tệp văn bản hoặc bảng tính bị hỏng. Hãy mở lại trên máy, lưu thành PDF rồi tải lên."),
    "office_encrypted": N_(
        "Tệp có mật khẩu hoặc là dạng cũ (.doc, .xls). Hãy lưu thành PDF không mật khẩu rồi tải lên."
    ),
    "office_active": N_("Tệp có macro hoặc liên kết ra bên ngoài nên không an toàn. Hãy lưu thành PDF rồi tải lên."),
    "zip_bomb": N_("Tệp khi giải nén lớn bất thường nên không an toàn. Hãy lưu thành PDF rồi tải lên."),
    "infected": N_("Tệp này đã bị phát hiện có mã độc. Hãy quét máy của bạn và nộp bản sạch."),
}


def make_refusal(reason: str) -> UploadRefused:
    """Return the refusal for `reason`, ready to raise; the code is `documents.<reason>`."""
    return UploadRefused(f"documents.{reason}", _SENTENCES[reason])
