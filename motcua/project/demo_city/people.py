"""Invented residents, firms and officials. Numbers follow the official patterns with made-up serials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

WARDS = {  # the five wards of the demonstration: code -> short key
    "26743": "Bến Thành",
    "26758": "Cầu Ông Lãnh",
    "26740": "Sài Gòn",
    "25747": "Thủ Dầu Một",
    "26506": "Vũng Tàu",
}


@dataclass(frozen=True, slots=True)
class DemoResident:
    """An invented person. `level` is the assurance level of her electronic identity (1 or 2)."""

    subject: str
    personal_id: str
    full_name: str
    sex: str
    birth_on: date
    phone: str
    address: str
    area_code: str
    level: int = 2

    @property
    def email(self) -> str:
        return f"{self.subject}@example.org"


@dataclass(frozen=True, slots=True)
class DemoFirm:
    """An invented firm and the resident (by index) who represents it. The tax code's check digit is right."""

    tax_code: str
    name: str
    address: str
    area_code: str
    representative: int


@dataclass(frozen=True, slots=True)
class DemoAgency:
    code: str
    name: str
    short_name: str
    kind: str
    level: str
    area_code: str
    address: str


_NAMES = [
    ("Nguyễn Thị Hồng Hạnh", 1990), ("Trần Văn Bình An", 1985), ("Lê Ngọc Ánh Dương", 1996), ("Phạm Quốc Đạt", 1978),
    ("Huỳnh Thị Mỹ Duyên", 1989), ("Võ Hoàng Phúc", 1993), ("Đặng Thị Thủy Tiên", 2001), ("Bùi Văn Khỏe", 1951),
    ("Hồ Thị Bảy", 1948), ("Ngô Gia Hưng", 1999), ("Dương Thị Kim Ngân", 1983), ("Lý Thành Công", 1975),
    ("Đỗ Thị Thanh Hòa", 1987), ("Trương Minh Nhật", 1994), ("Phan Thị Ý Nhi", 2003), ("Vũ Đức Thịnh", 1980),
    ("Mai Thị Diễm My", 1992), ("Đinh Công Lý", 1969), ("Cao Thị Út", 1955), ("Tạ Quang Vinh", 1988),
    ("Lâm Thị Bích Ngọc", 1997), ("Hà Tuấn Kiệt", 1991), ("Châu Thị Xuân Mai", 1972), ("Quách Gia Bảo", 2000),
    ("Tô Thị Như Quỳnh", 1995), ("Thái Văn Nghĩa", 1964), ("Kiều Thị Lan Chi", 1986), ("Nghiêm Xuân Trường", 1982),
    ("Ung Thị Cẩm Tú", 1998), ("Giang Hải Đăng", 1990),
]  # fmt: skip
_STREETS = ["Hoa Sữa", "Bằng Lăng", "Phượng Vĩ", "Hoa Giấy", "Trúc Xanh", "Sen Hồng"]  # invented street names


def _make_residents() -> tuple[DemoResident, ...]:
    wards = list(WARDS)
    residents = []
    for index, (name, year) in enumerate(_NAMES):
        is_female = " Thị " in name or index == 2
        sex_digit = (0 if year < 2000 else 2) + (1 if is_female else 0)
        ward = wards[index % len(wards)]
        residents.append(
            DemoResident(
                subject=f"demo-{index + 1:02d}",
                personal_id=f"079{sex_digit}{year % 100:02d}9{index + 1:05d}",
                full_name=name,
                sex="female" if is_female else "male",
                birth_on=date(year, index % 12 + 1, index % 28 + 1),
                phone=f"0900000{index + 1:03d}",
                address=f"{10 + index * 3}/{index % 4 + 1} đường {_STREETS[index % 6]}, {WARDS[ward]}",
                area_code=ward,
                level=1 if index % 10 == 9 else 2,
            )
        )
    return tuple(residents)


def _tax_code(serial: int) -> str:
    """Return an invented tax code with its check digit (Circular 105/2020/TT-BTC, Art. 5)."""
    digits = f"03199{serial:04d}"
    total = sum(int(d) * w for d, w in zip(digits, (31, 29, 23, 19, 17, 13, 7, 5, 3), strict=True))
    check = 10 - total % 11
    return f"{digits}{check}" if check < 10 else _tax_code(serial + 500)


def _make_firms() -> tuple[DemoFirm, ...]:
    names = [
        "Công ty TNHH Bánh mì Sớm Mai", "Công ty Cổ phần Vận tải Chim Sẻ", "Hộ kinh doanh Quán cơm Bà Bảy",
        "Công ty TNHH Phần mềm Cửa Sổ Xanh", "Hợp tác xã Rau sạch Bến Lúa", "Công ty TNHH In ấn Mực Tím",
        "Công ty Cổ phần Xây dựng Gạch Hồng", "Hộ kinh doanh Tạp hóa Cô Út", "Công ty TNHH Du lịch Sông Gió",
        "Công ty TNHH Dệt may Chỉ Vàng",
    ]  # fmt: skip
    wards = list(WARDS)
    return tuple(
        DemoFirm(
            tax_code=_tax_code(index + 1),
            name=name,
            address=f"{5 + index * 7} đường {_STREETS[index % 6]}, {WARDS[wards[index % 5]]}",
            area_code=wards[index % 5],
            representative=index * 3,
        )
        for index, name in enumerate(names)
    )


def _make_agencies() -> tuple[DemoAgency, ...]:
    agencies = []
    for index, (ward, name) in enumerate(WARDS.items()):
        address = f"Số 1 đường {_STREETS[index]}, {name}"
        agencies.append(
            DemoAgency(
                f"H29.9{index + 1:02d}",
                f"Ủy ban nhân dân phường {name}",
                f"UBND phường {name}",
                "people_committee",
                "commune",
                ward,
                address,
            )  # fmt: skip
        )
        if index < 2:
            agencies.append(
                DemoAgency(
                    f"H29.8{index + 1:02d}",
                    f"Công an phường {name}",
                    f"Công an phường {name}",
                    "police",
                    "commune",
                    ward,
                    address,
                )  # fmt: skip
            )
    city = [
        (
            "H29.705",
            "Trung tâm Phục vụ hành chính công Thành phố Hồ Chí Minh",
            "Trung tâm Phục vụ hành chính công",
            "service_centre",
        ),
        ("H29.701", "Sở Tài chính Thành phố Hồ Chí Minh", "Sở Tài chính", "department"),
        ("H29.700", "Ủy ban nhân dân Thành phố Hồ Chí Minh", "UBND Thành phố", "people_committee"),
        ("H29.703", "Công an Thành phố Hồ Chí Minh", "Công an Thành phố", "police"),
        ("H29.704", "Thuế Thành phố Hồ Chí Minh", "Thuế Thành phố", "tax"),
        ("H29.706", "Sở Nông nghiệp và Môi trường Thành phố Hồ Chí Minh", "Sở Nông nghiệp và Môi trường", "department"),
        ("H29.707", "Sở Nội vụ Thành phố Hồ Chí Minh", "Sở Nội vụ", "department"),
        ("H29.708", "Sở An toàn thực phẩm Thành phố Hồ Chí Minh", "Sở An toàn thực phẩm", "department"),
    ]
    agencies += [DemoAgency(c, n, s, k, "city", "79", "Số 9 đường Hoa Sữa, Sài Gòn") for c, n, s, k in city]
    return tuple(agencies)


RESIDENTS = _make_residents()
FIRMS = _make_firms()
AGENCIES = _make_agencies()
CHILDREN = ((0, "Nguyễn Gia An", date(2024, 3, 8)), (4, "Huỳnh Bảo Vy", date(2019, 9, 2)))  # parent index, child


_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi")
_MIDDLES = ("Thị Thu", "Minh", "Thị Ngọc", "Quốc", "Thị Kim", "Hữu", "Thanh", "Đức")
_GIVEN = ("Trang", "Khôi", "Vân", "Toàn", "Liên", "Phước", "Tâm", "Long", "Giang", "Hậu", "Sương")
STAFF_NAMES = tuple(
    f"{_FAMILIES[i % 10]} {_MIDDLES[i * 3 % 8]} {_GIVEN[i * 5 % 11]}" for i in range(len(AGENCIES) * 3 + 2)
)
DESIGNERS = (  # user name, name, role: they draw and approve processes at the city's office
    ("thietke.thanhpho", "Lương Thị Hải Yến", "process_owner"),
    ("duyet.thanhpho", "Trịnh Công Minh Triết", "process_approver"),
)
STEWARDS = (  # who looks after the shared data: one at each agency that owns registers
    "Lạc Thị Minh Tuệ", "Khổng Văn Bảo Toàn", "Âu Dương Thị Chi", "Mạc Quang Sổ", "Tôn Nữ Thu Dữ", "Hứa Văn Liệu",
)  # fmt: skip
