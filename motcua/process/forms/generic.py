"""Make the form of a procedure that nobody has designed yet, from its list of papers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from motcua.kernel.text import clean_line

_MAX_LABEL = 300


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
    uploads = [_upload(number, paper) for number, paper in enumerate(papers, start=1)]
    if uploads:
        pages.append(_group("giay-to", "Giấy tờ kèm theo", uploads, description=_UPLOAD_HINT))
    return {"type": "default", "schemaVersion": 18, "id": form_id, "components": pages}


_UPLOAD_HINT = "Chụp rõ cả trang giấy, đủ bốn góc. Mỗi tệp không quá 10 MB; nhận tệp PDF, JPG, PNG, HEIC."
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
    who = [
        {"label": "Cho tôi hoặc người thân", "value": "person"},
        {"label": "Cho doanh nghiệp, tổ chức", "value": "organisation"},
    ]
    name = {"kind": "person_name", "fact": "applicant.full_name"}
    return _group(
        "nguoi-nop",
        "Người nộp hồ sơ",
        [
            _question("radio", "applicant_kind", "Bạn nộp hồ sơ cho ai?", values=who, defaultValue="person"),
            _question(
                "textfield",
                "org_name",
                "Tên doanh nghiệp, tổ chức",
                hide=_FOR_FIRM,
                properties={"fact": "organisation.name"},
                validate={"maxLength": 300},
            ),
            _question(
                "textfield",
                "org_tax_code",
                "Mã số thuế của doanh nghiệp, tổ chức",
                hide=_FOR_FIRM,
                properties={"kind": "tax_code", "fact": "organisation.tax_code"},
            ),
            _question("textfield", "full_name", "Họ và tên người nộp", properties=name),
            _question(
                "textfield",
                "personal_id",
                "Số định danh cá nhân",
                description="12 chữ số trên thẻ căn cước.",
                properties={"kind": "personal_id", "fact": "applicant.personal_id"},
            ),
            _question(
                "datetime",
                "birth_on",
                "Ngày sinh",
                subtype="date",
                properties={"fact": "applicant.birth_on", "when": "past"},
            ),
            _question("textfield", "phone", "Số điện thoại", properties={"kind": "phone", "fact": "applicant.phone"}),
            _question(
                "textfield",
                "email",
                "Thư điện tử (nếu có)",
                required=False,
                properties={"kind": "email", "fact": "applicant.email"},
            ),
            _question(
                "select",
                "area",
                "Phường, xã nơi ở",
                searchable=True,
                properties={"kind": "area", "fact": "applicant.area_code"},
            ),
            _question(
                "textfield",
                "address",
                "Số nhà, tên đường, khu phố",
                validate={"maxLength": 300},
                properties={"kind": "address", "fact": "applicant.address"},
            ),
        ],
    )


def _request_page(title: str) -> dict[str, Any]:
    return _group(
        "noi-dung",
        "Nội dung đề nghị",
        [
            {"type": "text", "id": "q_title", "text": f"Thủ tục: {clean_line(title)}"},
            _question(
                "textarea",
                "request_content",
                "Bạn đề nghị giải quyết việc gì?",
                description="Viết ngắn gọn bằng lời của bạn: cho ai, việc gì, ở đâu.",
                validate={"maxLength": 3000},
            ),
            _question("textarea", "note", "Điều cần nói thêm (nếu có)", required=False, validate={"maxLength": 1000}),
        ],
    )


def _upload(number: int, paper: PaperSpec) -> dict[str, Any]:
    label = clean_line(paper.name)[:_MAX_LABEL] or f"Giấy tờ thứ {number}"
    return _question(
        "filepicker",
        _paper_key(paper.code, number),
        label,
        required=paper.required,
        description=clean_line(paper.description)[:1000],
        multiple=True,
        accept=".pdf,.jpg,.jpeg,.png,.heic",
        properties={"paper": paper.code},
    )


def _paper_key(code: str, number: int) -> str:
    """Key of the upload: `paper_<code>`, or by number where the code cannot stand in a key."""
    return f"paper_{code}" if re.fullmatch(r"[A-Za-z0-9_]{1,58}", code) else f"paper_{number}"
