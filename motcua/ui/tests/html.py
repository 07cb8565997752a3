"""A strict reader of our own pages: balanced tags, unique ids, names for controls, nothing inline."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Protocol

VOID = {"meta", "link", "input", "img", "br", "hr", "source", "wbr"}
VOID_SVG = {"path", "circle", "rect"}


class Answer(Protocol):
    """What the test client gives back."""

    @property
    def content(self) -> bytes: ...


def read(answer: Answer) -> Page:
    """Read a page and insist that it is sound."""
    page = Page(answer.content.decode())
    assert page.problems == []
    return page


def words(answer: Answer) -> str:
    """Return what a sound page says, on one line."""
    return " ".join("".join(read(answer).text).split())


class Page(HTMLParser):
    """Reads one page and keeps what the tests ask about; `problems` is empty for a sound page."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.problems: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.feed(source)
        self.close()
        if self.open:
            self.problems.append(f"never closed: {self.open}")
        self.ids = [attributes["id"] for _tag, attributes in self.elements if "id" in attributes]
        self.problems += [f"id twice: {name}" for name in set(self.ids) if self.ids.count(name) > 1]
        for check in (self.check_references, self.check_labels, self.check_inline, self.check_headings):
            self.problems += check()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        if len(names) != len(set(names)):
            self.problems.append(f"attribute twice on {tag}: {names}")
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID | VOID_SVG:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing, line {self.getpos()[0]}")

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    def check_references(self) -> list[str]:
        wanted: list[str] = []
        for _tag, attributes in self.elements:
            wanted += attributes.get("aria-describedby", "").split() + attributes.get("aria-labelledby", "").split()
            if attributes.get("href", "").startswith("#"):
                wanted.append(attributes["href"][1:])
            if "for" in attributes:
                wanted.append(attributes["for"])
        return [f"points at nothing: {name}" for name in wanted if name not in self.ids]

    def check_labels(self) -> list[str]:
        labelled = {attributes["for"] for attributes in self.all("label")}
        controls = [item for item in self.all("input", "select", "textarea") if item.get("type") != "hidden"]
        return [f"no label: {item}" for item in controls if item.get("id") not in labelled]

    def check_inline(self) -> list[str]:
        found = [f"inline {tag}" for tag, item in self.elements if tag == "style" or "style" in item]
        found += ["inline script" for item in self.all("script") if "src" not in item]
        found += [f"handler on {tag}" for tag, item in self.elements if any(name.startswith("on") for name in item)]
        return found

    def check_headings(self) -> list[str]:
        levels = [int(tag[1]) for tag, _item in self.elements if tag in {"h1", "h2", "h3", "h4"}]
        return [] if levels.count(1) == 1 else [f"h1 appears {levels.count(1)} times"]
