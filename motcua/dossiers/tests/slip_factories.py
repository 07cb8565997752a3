"""One filled-in example of each statutory slip."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from motcua.dossiers.slips import (
    ApologySlip,
    BookRow,
    ControlRow,
    ControlSlip,
    ReceiptSlip,
    RefusalSlip,
    RegisterBook,
    SlipData,
    SlipDelegate,
    SlipHead,
    SlipParty,
    SlipSigning,
    StopSlip,
    SupplementSlip,
)

AT = datetime(2026, 11, 20, 2, 7, tzinfo=UTC)
DUE = datetime(2026, 11, 27, 2, 7, tzinfo=UTC)
DOSSIER_NO = "H29.5.01.12-261120-0042"
CONTENT = "Cấp Giấy phép xây dựng mới đối với nhà ở riêng lẻ"
REASON = "Trích lục bản đồ địa chính nộp kèm đã quá thời hạn, ranh giới thửa đất chưa khớp với bản vẽ thiết kế."
OFFICIAL = "Trần Thị Bích Phượng"
HEAD = SlipHead(
    parent_agency="Ủy ban nhân dân phường Bến Nghé",
    agency="Trung tâm Phục vụ hành chính công",
    no="42/TTPVHCC",
    on=date(2026, 11, 20),
    place="Bến Nghé",
    dossier_no=DOSSIER_NO,
    lookup_url="https://motcua.vi.du/tra-cuu/H29.5.01.12-261120-0042",
)
PARTY = SlipParty(
    name="Nguyễn Thị Ánh Nguyệt",
    identifier="079184001234",
    address="Số 12 đường Nguyễn Huệ, phường Bến Nghé, Thành phố Hồ Chí Minh",
    phone="0901 234 567",
    email="anhnguyet@vi.du",
)
DELEGATE = SlipDelegate(
    name="Lê Hoàng Minh",
    identifier="079090005678",
    address="Số 3 đường Lê Lợi",
    phone="0912 345 678",
    paper="Giấy ủy quyền số 15",
)
SIGNING = SlipSigning(by="Trung tâm Phục vụ hành chính công phường Bến Nghé", at=AT)
PAPERS = (
    "Đơn đề nghị cấp giấy phép xây dựng (bản điện tử)",
    "Giấy tờ chứng minh quyền sử dụng đất (lấy từ Cơ sở dữ liệu đất đai)",
    "Hai bộ bản vẽ thiết kế xây dựng (bản chính)",
)


def make_control_rows(count: int) -> tuple[ControlRow, ...]:
    steps = ("Bộ phận tiếp nhận", "Chuyên viên thẩm định", "Lãnh đạo phòng", "Lãnh đạo Ủy ban nhân dân", "Văn thư")
    return tuple(
        ControlRow(
            giver=steps[n % 5],
            taker=steps[(n + 1) % 5],
            giver_name="Trần Thị Bích Phượng",
            taker_name="Đặng Hữu Nghĩa",
            at=AT + timedelta(days=n),
            timeliness=("early", "on_time", "late")[n % 3],
            note="Có ý kiến kèm theo" if n % 3 == 2 else "",
        )
        for n in range(count)
    )


def make_book_rows(count: int) -> tuple[BookRow, ...]:
    return tuple(
        BookRow(
            dossier_no=f"H29.5.01.12-2611{n % 30 + 1:02d}-{n + 1:04d}",
            content=CONTENT,
            party_name=PARTY.name,
            party_contact=f"{PARTY.address}\n{PARTY.phone}",
            deciding_agency="Phòng Kinh tế, Hạ tầng và Đô thị",
            received_at=AT,
            due_at=DUE,
            returned_at=DUE if n % 2 else None,
            result_way="Bưu chính công ích" if n % 2 else "Trực tuyến",
        )
        for n in range(count)
    )


SLIPS: dict[int, SlipData] = {
    1: ReceiptSlip(
        head=HEAD,
        party=PARTY,
        content=CONTENT,
        papers=PAPERS,
        term="15 ngày làm việc",
        received_at=AT,
        due_at=DUE,
        result_place="Trung tâm Phục vụ hành chính công phường Bến Nghé",
        receiver_name=OFFICIAL,
        submitter_name=PARTY.name,
        register_book="01/2026",
        register_line="42",
        receiver_signing=SIGNING,
    ),
    2: SupplementSlip(
        head=replace(HEAD, no="07/PBS-TTPVHCC"),
        party=PARTY,
        content=CONTENT,
        items=(
            "Bản vẽ mặt bằng, mặt đứng (nộp lại, có chữ ký của đơn vị thiết kế)",
            "Mục “Diện tích sàn” trong đơn: ghi rõ từng tầng",
        ),
        reason=REASON,
        contact_name=OFFICIAL,
        contact_phone="028 3829 1234",
        guide_name=OFFICIAL,
        answer_by=DUE,
    ),
    3: RefusalSlip(
        head=replace(HEAD, no="03/PTC-TTPVHCC"),
        party=PARTY,
        content=CONTENT,
        reason=REASON + "\nThửa đất không thuộc địa bàn được giao giải quyết.",
        receiver_name=OFFICIAL,
        submitter_name=PARTY.name,
    ),
    4: ApologySlip(
        head=replace(
            HEAD, agency="Ủy ban nhân dân phường Bến Nghé", parent_agency="Thành phố Hồ Chí Minh", no="02/PXL"
        ),
        party=PARTY,
        content=CONTENT,
        received_at=AT,
        due_at=DUE,
        new_due_at=DUE + timedelta(days=5),
        reason="Cơ quan phối hợp chưa có ý kiến trả lời về quy hoạch.",
        signer_name="Phạm Quốc Hùng",
        signer_title="CHỦ TỊCH",
        signing=SIGNING,
    ),
    5: StopSlip(
        head=replace(HEAD, no="05/TBD-TTPVHCC"),
        party=PARTY,
        content=CONTENT,
        received_at=AT,
        stopped_at=DUE,
        reason="Theo yêu cầu của người nộp hồ sơ.",
        return_note="Giấy tờ bản chính đã nộp được trả lại tại Trung tâm Phục vụ hành chính công.",
        signer_name="Phạm Quốc Hùng",
        signer_title="GIÁM ĐỐC",
    ),
    6: ControlSlip(
        head=replace(HEAD, no="42/PKS-TTPVHCC"),
        content=CONTENT,
        deciding_agency="Phòng Kinh tế, Hạ tầng và Đô thị",
        received_at=AT,
        due_at=DUE,
        rows=make_control_rows(4),
    ),
    7: RegisterBook(
        head=replace(HEAD, no="01/STD-TTPVHCC", dossier_no="", lookup_url=""),
        book="Lĩnh vực Xây dựng",
        first_on=date(2026, 11, 1),
        last_on=date(2026, 11, 30),
        rows=make_book_rows(40),
        keeper_name=OFFICIAL,
    ),
}


def make_slips() -> dict[int, SlipData]:
    """Return one filled slip of each kind."""
    return dict(SLIPS)
