"""Vietnamese data inside an English page says so; English stays English; nothing is added to a Vietnamese page."""

from __future__ import annotations

import pickle
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.kernel.messages import N_, N_count, say
from motcua.ui.foreign import CLOSE, OPEN, is_vietnamese, show_marks
from motcua.ui.jinja import build_environment
from motcua.ui.tests.html import VOID, read

ENVIRONMENT = build_environment(autoescape=True)
NAME = "Đăng ký khai sinh"


def render(source: str, *, language: str = "en", **values: object) -> str:
    with translation.override(language):
        return ENVIRONMENT.from_string(source).render(values)


class Languages(HTMLParser):
    """Reads which language each text of a page is in."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[str] = []
        self.tags: list[str] = []
        self.found: dict[str, str] = {}
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.tags.append(tag)
            self.stack.append(dict(attrs).get("lang") or (self.stack[-1] if self.stack else ""))

    def handle_endtag(self, tag: str) -> None:
        self.tags.pop()
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] in (["title"], ["textarea"]):
            return  # plain text, where nothing can say the language of a part
        self.found.setdefault(data.strip(), self.stack[-1] if self.stack else "")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<h1>{{ name }}</h1>", f'<h1 lang="vi">{NAME}</h1>'),
        ("<p>Code 1: {{ name }}</p>", f'<p>Code 1: <span lang="vi">{NAME}</span></p>'),
        ('<option value="{{ name }}">{{ name }}</option>', f'<option value="{NAME}" lang="vi">{NAME}</option>'),
        ("<title>{{ name }} – X</title>", f"<title>{NAME} – X</title>"),
        ('<textarea name="a">{{ name }}</textarea>', f'<textarea name="a">{NAME}</textarea>'),
        ('<a title="{{ name }}"></a>', f'<a title="{NAME}"></a>'),
        ('<p lang="fr">{{ name }}</p>', f'<p lang="fr">{NAME}</p>'),
        ('<text x="1">A {{ name }}</text>', f'<text x="1">A <tspan lang="vi">{NAME}</tspan></text>'),
        ("<p>{{ english }}</p>", "<p>Birth registration</p>"),
        ("<p>{{ name | upper | escape }}</p>", f"<p>{NAME.upper()}</p>"),
        ("<p>{% set x %}{{ name }}{% endset %}{{ x }}!</p>", f'<p><span lang="vi">{NAME}</span>!</p>'),
        ("<p>{{ name }}{{ other }}</p>", f'<p><span lang="vi">{NAME}</span><span lang="vi">Giấy &lt;a&gt;</span></p>'),
    ],
)
def test_data_says_its_language(source: str, shown: str) -> None:
    assert render(source, name=NAME, english="Birth registration", other="Giấy <a>") == shown
    assert " lang=" not in render(source.replace(' lang="fr"', ""), name=NAME, english="", other="", language="vi")


def test_value_inside_a_translated_sentence_is_marked_alone() -> None:
    assert render('<p>{{ _("Mã %(code)s", code=name) }}</p>', name=NAME) == f'<p>Code <span lang="vi">{NAME}</span></p>'
    sentence = N_("Mã %(code)s", code=NAME)
    assert render("<p>{{ it }}</p>", it=sentence) == f'<p>Code <span lang="vi">{NAME}</span></p>'


@pytest.mark.parametrize(
    ("text", "is_it"),
    [
        ("Phường Bến Thành", True),
        ("Mẫu số 01/TK", True),
        ("UBND phường Tân Định", True),
        ("Signed by Nguyễn Hoa of the city office today", False),
        ("Ho Chi Minh City", False),
        ("H29.8.1-251123-0001", False),
        ("", False),
    ],
)
def test_language_is_told_from_the_letters(text: str, is_it: bool) -> None:
    assert is_vietnamese(text) is is_it


@given(st.lists(st.sampled_from(["<b>", "</b>", "<br>", "<option>", "a", "é", OPEN, CLOSE, " ", "&lt;"]), max_size=12))
@settings(max_examples=50)
def test_no_sign_is_left_whatever_the_page_holds(pieces: list[str]) -> None:
    page = "".join(pieces)
    shown = show_marks(page)
    assert OPEN not in shown
    plain = page.replace(OPEN, "").replace(CLOSE, "")
    back = shown.replace(' lang="vi"', "").replace("<span>", "").replace("</span>", "")
    assert OPEN not in page or back.replace(CLOSE, "") == plain


@pytest.mark.urls("motcua.ui.tests.gallery")
def test_questions_of_a_procedure_are_marked_in_the_form_of_an_english_reader() -> None:
    browser = Client()
    browser.post("/i18n/setlang/", {"language": "en"})
    response = browser.get("/form/")
    read(response)
    found = Languages(response.content.decode()).found
    for words in ("Viết đủ dấu", "Quan hệ", "Con đẻ", "Con nuôi", "Về đứa trẻ", "Phường Bến Thành"):
        assert found.get(words) == "vi", (words, found)
    assert found["Khai đúng như trong"] == "vi"  # the author's own text
    assert found["Choose one"] == "en"
    assert found["(optional)"] == "en"


def test_sentence_that_counts_asks_for_the_form_of_its_number() -> None:
    """The catalogue of another language may say 1 and 2 differently; the Vietnamese text has one form."""

    def count(one: str, _other: str, number: int) -> str:
        return one.replace("giờ", "hour" if number == 1 else "hours")

    sentence = N_("chờ %(part)s", part=N_count("%(n)s giờ", 1, n=1))
    assert sentence == "chờ 1 giờ"
    assert say(sentence, translate=str, translate_count=count) == "chờ 1 hour"
    assert say(N_count("%(n)s giờ", 2, n=2), translate=str, translate_count=count) == "2 hours"
    assert pickle.loads(pickle.dumps(N_count("%(n)s giờ", 1, n=1))).number == 1
