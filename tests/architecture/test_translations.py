"""English is complete: every Vietnamese sentence on screen has its translation, with the same placeholders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[2] / "motcua"
METHODS = [("**/tests/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {
    "_": None, "N_": None, "N_count": (1, 1), "gettext": None, "gettext_lazy": None, "ngettext": (1, 2),
    "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def list_source_messages() -> set[str]:
    jinja = {"trimmed": "true", "silent": "false", "extensions": "jinja2.ext.i18n,jinja2.ext.do"}  # none skipped
    options = {"**/templates/**.html": jinja}
    found = extract_from_dir(PACKAGE, METHODS, options, KEYWORDS)
    return {m if isinstance(m, str) else m[0] for _file, _line, m, _comments, _context in found if m}


@pytest.mark.slow
def test_english_is_complete() -> None:
    with (PACKAGE / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file)
    missing = []
    for source in sorted(list_source_messages()):
        message = catalogue.get(source)
        string = message.string if message is not None else None
        texts = list(string) if isinstance(string, list | tuple) else [string]
        if not all(texts):
            missing.append(source)
        elif {*PLACEHOLDER.findall(source)} != {*PLACEHOLDER.findall(" ".join(filter(None, texts)))}:
            missing.append(f"placeholders differ: {source}")
    assert not missing, f"{len(missing)} sentences lack English:\n" + "\n".join(missing[:40])


OTHER_SPELLINGS = re.compile(r"\b(xoá|khoá|huỷ|uỷ quyền|Uỷ ban)|[Bb]à con|Hộp việc")


@pytest.mark.slow
def test_one_spelling_and_one_name_for_each_thing() -> None:
    wrong = sorted(source for source in list_source_messages() if OTHER_SPELLINGS.search(source))
    assert not wrong, "xóa, khóa, hủy, ủy quyền, Ủy ban; bạn; Việc của tôi:\n" + "\n".join(wrong)
