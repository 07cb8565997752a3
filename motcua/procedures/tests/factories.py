"""Sources of procedures for tests and benchmarks: records, lists and packages in words of our own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from motcua.procedures.actions.importing import import_procedures
from motcua.procedures.actions.packages import load_designed_procedures
from motcua.procedures.types import ImportReport, LoadReport

FIXTURES = Path(__file__).parent / "fixtures"
STANDARD = FIXTURES / "standard"
PACKAGES = FIXTURES / "packages"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)

CHANNEL_HEADER = "Hình thức nộpThời gianPhí, lệ phíMô tả"
PAPER_HEADER = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
LEGAL_HEADER = "Tên văn bản pháp lýMã văn bản"


def make_record(code: str = "1.900001", name: str = "Đăng ký nuôi ong trong phố", **changed: str) -> dict[str, str]:
    """Return a national record as the crawl has it, in words of our own."""
    record = {
        "ma_thu_tuc": code,
        "detail_url": "https://example.org/thu-tuc",
        "formality_id": "",
        "ten_thu_tuc": name,
        "so_quyet_dinh": "1/QĐ-XX",
        "cap_thuc_hien": "Cấp xã",
        "loai_thu_tuc": "Loại khác",
        "linh_vuc": "Chăn nuôi",
        "doi_tuong_thuc_hien": "Công dân Việt Nam, Hợp tác xã",
        "co_quan_co_tham_quyen": "",
        "dia_chi_tiep_nhan": "",
        "co_quan_duoc_uy_quyen": "",
        "co_quan_phoi_hop": "",
        "thu_tuc_lien_quan": "Không có thông tin",
        "trinh_tu_thuc_hien": "Bước 1: nộp hồ sơ.\nBước 2: nhận kết quả.",
        "cach_thuc_thuc_hien": f"{CHANNEL_HEADER}Trực tuyến5 Ngày làm việc20,000 VNĐ(20.000 đồng/hồ sơ)"
        "Nộp qua cổng.Trực tiếp5 Ngày làm việc20,000 VNĐ(20.000 đồng/hồ sơ)",
        "thanh_phan_ho_so": f"--{PAPER_HEADER}Đơn đăng ký nuôi ong;Mau 01.docx1 bản chính"
        "Sơ đồ chỗ đặt tổ ong0 bản chính,2 bản sao",
        "can_cu_phap_ly": f"{LEGAL_HEADER}Luật về ong32/2018/QH14Nghị định về mật13/2020/NĐ-CP",
        "co_quan_thuc_hien": "Ủy ban nhân dân cấp xã",
        "yeu_cau_dieu_kien": "Không có thông tin",
        "ket_qua_xu_ly": "Giấy xác nhận nuôi ongMã: KQ.G10.000001Từ khóaKhông có thông tin"
        "Mô tảKhông có thông tinNộp hồ sơ",
        "raw_text": f"{name}Tên thủ tục{name}Mã thủ tục{code}Số quyết định1/QĐ-XX",
    }
    return record | changed


def make_row(code: str, name: str, field: str = "Chăn nuôi") -> tuple[str, str, str, str, str]:
    """Return a row of a national list."""
    return code, f" {name}", "Bộ Mẫu", "Ủy ban nhân dân cấp xã\nSở Mẫu", field


def write_source(folder: Path, records: Sequence[dict[str, Any]] = (), rows: Sequence[Sequence[str]] = ()) -> Path:
    """Write a folder that `import_procedures` reads."""
    (folder / "records" / "bo-mau").mkdir(parents=True, exist_ok=True)
    for record in records:
        path = folder / "records" / "bo-mau" / f"{record['ma_thu_tuc']}.json"
        path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    if rows:
        book = Workbook()
        sheet = book.active
        sheet.append(["DANH SÁCH THỦ TỤC HÀNH CHÍNH"])
        sheet.append(["Mã số", "Tên", "Cơ quan ban hành", "Cơ quan thực hiện", "Lĩnh vực"])
        for row in rows:
            sheet.append(list(row))
        (folder / "lists").mkdir(exist_ok=True)
        book.save(folder / "lists" / "danh-sach.xlsx")
    return folder


def import_folder(folder: Path, *, now: datetime = NOW) -> ImportReport:
    """Import with the small standard process of the tests."""
    return import_procedures(folder, now=now, standard_folder=STANDARD)


def load_packages(folder: Path = PACKAGES, *, now: datetime = NOW) -> LoadReport:
    """Load the fixture package."""
    return load_designed_procedures(now=now, folder=folder)


_VERBS = (
    "Đăng ký", "Cấp", "Cấp lại", "Cấp đổi", "Gia hạn", "Thu hồi", "Xác nhận", "Công bố", "Điều chỉnh", "Chấm dứt",
    "Thẩm định", "Phê duyệt",
)  # fmt: skip
_THINGS = (
    "giấy phép nuôi ong", "chứng chỉ dạy đàn tranh", "thẻ hướng dẫn chợ nổi", "sổ theo dõi ghe thuyền",
    "hoạt động quán cà phê vườn", "hợp đồng thuê sạp", "lễ hội đường phố", "biển hiệu chữ nổi", "bến đò ngang",
    "lớp học xóa mù chữ", "kho chứa trái cây", "xưởng in lụa", "vườn ươm cây kiểng", "đội lân sư rồng",
    "trạm sạc xe điện", "cửa hàng thuốc nam", "nhà trọ công nhân", "câu lạc bộ bơi lội",
)  # fmt: skip
_CASES = (
    "", " cho hộ gia đình", " cho hợp tác xã", " đối với người cao tuổi", " trong trường hợp bị mất",
    " trong trường hợp hư hỏng", " có yếu tố nước ngoài", " tại khu phố văn hóa", " thực hiện lưu động",
    " theo ủy quyền", " ở đặc khu", " lần đầu", " do chuyển địa điểm",
)  # fmt: skip
_FIELDS = ("Chăn nuôi", "Văn hóa", "Thương mại", "Giao thông", "Giáo dục", "Công nghiệp")


def make_synthetic_rows(count: int) -> Iterator[tuple[str, str, str, str, str]]:
    """Give as many invented procedures as are asked for (at most 2,808), each name once."""
    for number, (verb, thing, case) in enumerate(product(_VERBS, _THINGS, _CASES)):
        if number == count:
            return
        yield make_row(f"8.{number:06d}", f"{verb} {thing}{case}", _FIELDS[number % len(_FIELDS)])
