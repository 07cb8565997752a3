"""Who asks, and when they have asked too often. Pure: no Django, no clock, no network."""

from __future__ import annotations

import hmac
import math
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from motcua.kernel.messages import N_

IPV6_PREFIX = 64  # what a provider gives one household: addresses inside it are one asker
ASK_COST = 1.0  # one question
WRONG_CODE_COST = 4.0  # more for a code that nothing bears: people mistype once or twice, guessers do nothing else
FILE_COST = 5.0  # the signatures of an uploaded file are work


def find_client_address(remote: str, *, forwarded_for: str, proxies: int) -> str:
    """Return the address that asks: our own line's, or what the outermost of our `proxies` wrote down.

    Each proxy adds the address that it heard to the end of X-Forwarded-For; whatever stands before was written by
    the asker and is not believed. A line shorter than the proxies we know did not pass them all.
    """
    heard = [part.strip() for part in forwarded_for.split(",") if part.strip()]
    return heard[-proxies] if 0 < proxies <= len(heard) else remote


def group_address(address: str) -> str:
    """Return the asker of an address: itself, or the household's network for the newer addresses."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.strip().strip("[]"))
    except ValueError:
        return address[:64]
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if isinstance(found, IPv6Address):
        return str(ip_network((found, IPV6_PREFIX), strict=False))
    return str(found)


def make_bucket_key(address: str, *, secret: str) -> str:
    """Return the key of an asker's bucket, which does not give the address away."""
    return hmac.new(secret.encode(), f"portal.asker:{group_address(address)}".encode(), sha256).hexdigest()


def find_wait_seconds(level: float, *, per_minute: int) -> int:
    """Return how many seconds until the next question fits into a bucket of this level; 0 when it fits now."""
    return max(0, math.ceil((level - per_minute) / (per_minute / 60)))


# Keys and links of registers that name whose data a record is; others (father, household, guardian) name relatives.
SUBJECT_NAMES = ("person", "holder", "owner", "subject", "spouse", "insured", "pupil")


def find_party_key(kind: str) -> str:
    """Return the key under which registers know a person, or a firm."""
    return "tax_code" if kind == "organisation" else "personal_id"


LIFE_EVENT_WORDS = (  # names and descriptions of the shipped life events, here so that translators find them
    N_("Sinh con, nuôi con nhỏ"),
    N_("Khai sinh, nhận con, nuôi con nuôi, thẻ bảo hiểm y tế cho trẻ."),
    N_("Kết hôn, gia đình"),
    N_("Đăng ký kết hôn, xác nhận độc thân, ghi chú ly hôn."),
    N_("Chuyển nhà, nơi cư trú"),
    N_("Thường trú, tạm trú, tách hộ, xác nhận cư trú."),
    N_("Căn cước, hộ chiếu"),
    N_("Thẻ căn cước, hộ chiếu, định danh điện tử."),
    N_("Xe cộ, giấy phép lái xe"),
    N_("Đăng ký xe, đổi giấy phép lái xe, đăng kiểm."),
    N_("Nhà, đất, xây dựng"),
    N_("Giấy phép xây dựng, đất đai, nhà ở."),
    N_("Việc làm, chứng chỉ nghề"),
    N_("Chứng chỉ hành nghề, giấy phép lao động, bảo hiểm thất nghiệp."),
    N_("Bảo hiểm, trợ cấp, người có công"),
    N_("Bảo hiểm xã hội, bảo hiểm y tế, trợ cấp, chính sách người có công."),
    N_("Công chứng, chứng thực"),
    N_("Bản sao, chữ ký, hợp đồng, lý lịch tư pháp."),
    N_("Khi người thân qua đời"),
    N_("Khai tử, mai táng phí, thừa kế, xóa thường trú."),
    N_("Mở cơ sở kinh doanh"),
    N_("Hộ kinh doanh, doanh nghiệp, hợp tác xã, giấy phép kinh doanh."),
    N_("Thuế và hóa đơn"),
    N_("Khai thuế, mã số thuế, hoàn thuế, miễn giảm."),
    N_("Xuất khẩu, nhập khẩu"),
    N_("Hải quan, kiểm dịch, kiểm tra chất lượng hàng hóa."),
    N_("Tạm ngừng, đóng cửa cơ sở"),
    N_("Tạm ngừng kinh doanh, giải thể, trả giấy phép."),
)
