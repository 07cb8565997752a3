"""Make the form of a procedure that nobody has designed yet, from its list of papers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

from motcua.kernel.messages import N_
from motcua.kernel.text import clean_line

_MAX_LABEL = 300
_KEY_PART = re.compile(r"[A-Za-z0-9_]{1,58}")


@dataclass(frozen=True, slots=True)
class PaperSpec:
    """One paper that the procedure asks for; `code` is what the dossier keeps the file under."""

    code: str
    name: str
    required: bool = True
    description: str = ""


def make_generic_form(title: str, papers: Iterable[PaperSpec] = (), *, form_id: str = "generic") -> dict[str, Any]:
    """Return form-js JSON that `parse_form` reads: who asks, what for, and one upload for each paper."""
    pages = [_applicant_page(), _request_page(title)]
    kept = list(papers)
    uploads = [
        _upload(key, number, paper)
        for number, (key, paper) in enumerate(zip(_paper_keys(kept), kept, strict=True), start=1)
    ]
    if uploads:
        pages.append(_group("giay-to", N_("Giấy tờ kèm theo"), uploads, description=_UPLOAD_HINT))
    return {"type": "default", "schemaVersion": 18, "id": form_id, "components": pages}


_UPLOAD_HINT = N_("Chụp rõ cả trang giấy, đủ bốn góc. Mỗi tệp không quá 10 MB; nhận tệp PDF, JPG, PNG.")
_FOR_FIRM = '=applicant_kind != "organisation"'


def _group(key: str, label: str, components: list[dict[str, Any]], *, description: str = "") -> dict[str, Any]:
    properties = {"description": description} if description else {}
    return {"type": "group", "id": key, "label": label, "properties": properties, "components": components}


def _question(
    type_name: str,
    key: str,
    label: str,
    *,
    required: bool = True,
    hide: str = "",
    properties: dict[str, str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    validate = {**more.pop("validate", {}), **({"required": True} if required else {})}
    name = "dateLabel" if type_name == "datetime" else "label"
    found = {"type": type_name, "id": f"q_{key}", "key": key, name: label, "validate": validate, **more}
    if hide:
        found["conditional"] = {"hide": hide}
    if properties:
        found["properties"] = properties
    return found


def _applicant_page() -> dict[str, Any]:
    return _group("nguoi-nop", N_("Người nộp hồ sơ"), [*_ask_for_whom(), *_ask_who(), *_ask_where()])


def _ask_for_whom() -> list[dict[str, Any]]:
    who = [
        {"label": N_("Cho tôi hoặc người thân"), "value": "person"},
        {"label": N_("Cho doanh nghiệp, tổ chức"), "value": "organisation"},
    ]
    name = {"fact": "organisation.name"}
    tax_code = {"kind": "tax_code", "fact": "organisation.tax_code"}
    return [
        _question("radio", "applicant_kind", N_("Bạn nộp hồ sơ cho ai?"), values=who, defaultValue="person"),
        _question(
            "textfield",
            "org_name",
            N_("Tên doanh nghiệp, tổ chức"),
            hide=_FOR_FIRM,
            properties=name,
            validate={"maxLength": 300},
        ),
        _question("textfield", "org_tax_code", N_("Mã số thuế của tổ chức"), hide=_FOR_FIRM, properties=tax_code),
    ]


def _ask_who() -> list[dict[str, Any]]:
    name = {"kind": "person_name", "fact": "applicant.full_name"}
    number = {"kind": "personal_id", "fact": "applicant.personal_id"}
    birth = {"fact": "applicant.birth_on", "when": "past"}
    hint = N_("12 chữ số trên thẻ căn cước.")
    return [
        _question("textfield", "full_name", N_("Họ và tên người nộp"), properties=name),
        _question("textfield", "personal_id", N_("Số định danh cá nhân"), description=hint, properties=number),
        _question("datetime", "birth_on", N_("Ngày sinh"), subtype="date", properties=birth),
    ]


def _ask_where() -> list[dict[str, Any]]:
    phone = {"kind": "phone", "fact": "applicant.phone"}
    email = {"kind": "email", "fact": "applicant.email"}
    area = {"kind": "area", "fact": "applicant.area_code"}
    address = {"kind": "address", "fact": "applicant.address"}
    street = N_("Số nhà, tên đường, khu phố")
    return [
        _question("textfield", "phone", N_("Số điện thoại"), properties=phone),
        _question("textfield", "email", N_("Thư điện tử (nếu có)"), required=False, properties=email),
        _question("select", "area", N_("Phường, xã nơi ở"), searchable=True, properties=area),
        _question("textfield", "address", street, properties=address, validate={"maxLength": 300}),
    ]


def _request_page(title: str) -> dict[str, Any]:
    return _group(
        "noi-dung",
        N_("Nội dung đề nghị"),
        [
            {"type": "text", "id": "q_title", "text": f"Thủ tục: {_plain(title)}"},
            _question(
                "textarea",
                "request_content",
                N_("Bạn đề nghị giải quyết việc gì?"),
                description=N_("Viết ngắn gọn bằng lời của bạn: cho ai, việc gì, ở đâu."),
                validate={"maxLength": 3000},
            ),
            _question(
                "textarea", "note", N_("Điều cần nói thêm (nếu có)"), required=False, validate={"maxLength": 1000}
            ),
        ],
    )


def _plain(text: str) -> str:
    """Return a line that no reader of forms takes for an expression."""
    return clean_line(clean_line(text).lstrip("= ").replace("{{", "{ {"))


def _upload(key: str, number: int, paper: PaperSpec) -> dict[str, Any]:
    label = _plain(paper.name)[:_MAX_LABEL] or N_("Giấy tờ thứ %(number)s", number=number)
    return _question(
        "filepicker",
        key,
        label,
        required=paper.required,
        description=_plain(paper.description)[:1000],
        multiple=True,
        accept=".pdf,.jpg,.jpeg,.png",
        properties={"paper": paper.code},
    )


def _paper_keys(papers: list[PaperSpec]) -> list[str]:
    """Give each upload its key: `paper_<code>`, or a free number where the code cannot stand in a key."""
    keys = [f"paper_{paper.code}" if _KEY_PART.fullmatch(paper.code) else "" for paper in papers]
    keys = [key if key and keys.index(key) == place else "" for place, key in enumerate(keys)]
    free = (f"paper_{number}" for number in count(1) if f"paper_{number}" not in keys)
    return [key or next(free) for key in keys]
