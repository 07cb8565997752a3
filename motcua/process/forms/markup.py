"""Shown text as safe HTML: Markdown of few forms, and HTML of few tags. Everything else is text.

Source: form-js documentation, text view (Markdown) and HTML view (sanitised); the allow-list is ours.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

MAX_MARKUP = 50_000
_TAGS = frozenset(
    [
        "p",
        "br",
        "strong",
        "b",
        "em",
        "i",
        "u",
        "ul",
        "ol",
        "li",
        "h2",
        "h3",
        "h4",
        "blockquote",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "span",
        "div",
        "a",
        "hr",
    ]
)
_VOID = frozenset({"br", "hr"})
_DROPPED = frozenset(
    [
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "template",
        "svg",
        "math",
        "noscript",
        "textarea",
        "select",
        "title",
    ]
)
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:|/(?!/)|#)[^\s\"'<>{}\\]{0,500}", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\(([^()\s]{1,500})\)")
_BOLD = re.compile(r"\*\*(\S(?:[^*\n]{0,500}\S)?)\*\*")
_ITALIC = re.compile(r"(?<![\w*])[*_](\S(?:[^*_\n]{0,500}\S)?)[*_](?![\w*])")
_SPECIAL = "\\`*_[]()#<>!-+.|~=:/@"
_BULLET = re.compile(r"[-*+]\s+(.*)")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s+(.*)")
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_FIRST_PLACE = 0xE000  # a private sign stands for each escaped one until the marks are read


def escape_markdown(text: str) -> str:
    """Return a text that Markdown shows as it is: for values put into a template."""
    return "".join(f"\\{sign}" if sign in _SPECIAL else sign for sign in text.replace("\n", " ").replace("\r", " "))


def render_markdown(text: str) -> str:
    """Return safe HTML: headings, paragraphs, lists, bold, italic, links to web pages and to this site."""
    text = re.sub("[\ue000-\ue0ff]", "", text[:MAX_MARKUP])
    text = re.sub(r"\\([\\`*_\[\]()#<>!+.|~=:/@-])", lambda found: chr(_FIRST_PLACE + ord(found[1])), text)
    blocks: list[str] = []
    lines = [line.strip() for line in text.split("\n")]
    at = 0
    while at < len(lines):
        at = _take_block(lines, at, blocks)
    html = "\n".join(blocks)
    return re.sub("[\ue000-\ue0ff]", lambda found: escape(chr(ord(found[0]) - _FIRST_PLACE)), html)


def _take_block(lines: list[str], at: int, blocks: list[str]) -> int:
    line = lines[at]
    if not line:
        return at + 1
    heading = _HEADING.fullmatch(line)
    if heading:
        level = min(max(len(heading[1]), 2), 4)
        size = {2: "m", 3: "s", 4: "s"}[level]
        blocks.append(f'<h{level} class="govuk-heading-{size}">{_inline(heading[2])}</h{level}>')
        return at + 1
    for mark, tag, style in ((_BULLET, "ul", "bullet"), (_NUMBERED, "ol", "number")):
        items = []
        while at < len(lines) and (item := mark.fullmatch(lines[at])):
            items.append(f"<li>{_inline(item[1])}</li>")
            at += 1
        if items:
            blocks.append(f'<{tag} class="govuk-list govuk-list--{style}">{"".join(items)}</{tag}>')
            return at
    paragraph = []
    while at < len(lines) and lines[at] and not any(m.fullmatch(lines[at]) for m in (_HEADING, _BULLET, _NUMBERED)):
        paragraph.append(_inline(lines[at]))
        at += 1
    blocks.append(f'<p class="govuk-body">{"<br>".join(paragraph)}</p>')
    return at


def _inline(text: str) -> str:
    html = escape(text)
    html = _LINK.sub(_link, html)
    html = _BOLD.sub(r"<strong>\1</strong>", html)
    pieces = re.split(r"(<[^>]*>)", html)  # italics never reach into a tag
    return "".join(piece if piece.startswith("<") else _ITALIC.sub(r"<em>\1</em>", piece) for piece in pieces)


def _link(found: re.Match[str]) -> str:
    address = found[2].replace("&amp;", "&")
    if not _SAFE_LINK.fullmatch(address):
        return found[0]
    hidden = "".join(chr(_FIRST_PLACE + ord(sign)) if sign in "*_" else sign for sign in escape(address))
    return f'<a class="govuk-link" href="{hidden}">{found[1]}</a>'


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[str] = []
        self.dropping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self.dropping += 1
        elif tag in _TAGS and not self.dropping and len(self.open) < 50:
            link = next((value for name, value in attrs if name == "href" and value), None) if tag == "a" else None
            safe = link if link and _SAFE_LINK.fullmatch(link) else None
            self.parts.append(f'<{tag} class="govuk-link" href="{escape(safe)}">' if safe else f"<{tag}>")
            if tag not in _VOID:
                self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self.dropping = max(0, self.dropping - 1)
        elif tag in self.open:
            while True:
                last = self.open.pop()
                self.parts.append(f"</{last}>")
                if last == tag:
                    return

    def handle_data(self, data: str) -> None:
        if not self.dropping:
            self.parts.append(escape(data, quote=False))


def clean_html(text: str) -> str:
    """Return the HTML with only the allowed tags, no attribute but a safe link, everything closed."""
    cleaner = _Cleaner()
    cleaner.feed(text[:MAX_MARKUP])
    cleaner.close()
    return "".join(cleaner.parts) + "".join(f"</{tag}>" for tag in reversed(cleaner.open))
