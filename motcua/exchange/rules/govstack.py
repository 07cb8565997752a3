"""What a GovStack request may look like, and what its answers carry.

Source: GovStack Digital Registries Building Block, Data API 1.3.0 (OpenAPI).
Operations: list, create, exists, read, update, updateEntries, updateOrCreate, delete, readValue, myPersonalDataUsage.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import orjson

from motcua.exchange.rules.texts import dump_json
from motcua.exchange.types import Answer, Endpoint, GovStackRefused, GrantInfo
from motcua.kernel.messages import N_

DEFAULT_PAGE_SIZE = 10  # when a page was named without its size
MAX_PAGE_SIZE = 1_000  # and all there is, up to that, when no page was named
JSON = "application/json; charset=utf-8"
# What a grant must offer for an operation: reading one record is not listing them.
NEEDS = {
    "list": ("GET", "/list"), "read": ("POST", "/query"), "exists": ("POST", "/query"), "readValue": ("POST", "/query"),
    "create": ("POST", "/create"), "createEntries": ("POST", "/create"), "update": ("PUT", "/update"),
    "updateEntries": ("PUT", "/update"), "updateOrCreate": ("PUT", "/update"), "delete": ("DELETE", "/delete"),
    "usage": ("GET", "/usage"),
}  # fmt: skip
GOVSTACK_ENDPOINTS = tuple(Endpoint(*each) for each in sorted({*NEEDS.values(), ("POST", "/query"), ("GET", "/*/*")}))
_PERSON = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_:|-]{0,199}")
_PLAIN = re.compile(r"[\w ,/'-]{1,200}")  # no sign that a regular expression gives a meaning
MAX_PAGE = 1_000_000
_DESCENDING = ("descending", "desc", "-")
_ASCENDING = ("ascending", "asc", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """What is to be listed: `patterns` by field, `search` in `filter` or in any field, which page, in which order."""

    patterns: Mapping[str, str]
    search: str
    filter: str
    order_by: str
    is_descending: bool
    page: int
    page_size: int

    def list_patterns(self) -> tuple[Mapping[str, str], ...]:
        """Return what to look for by field, the narrowest first.

        A plain text that is searched for in one field is a value of it ("John", not "John Helmut"); only where no
        record has that value it is a part of one.
        """
        if not (self.filter and self.search):
            return (self.patterns,)
        part = {**self.patterns, self.filter: self.search}
        return ({**part, self.filter: f"^(?:{self.search})$"}, part) if _PLAIN.fullmatch(self.search) else (part,)

    @property
    def fields(self) -> set[str]:
        """The fields whose content decides what is found: each must be granted."""
        return {*self.patterns, *(each for each in (self.filter, self.order_by) if each)}


def read_list_query(text: str) -> ListQuery:
    """Read the parameters of list. Raises: GovStackRefused."""
    try:
        pairs = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=50, errors="strict"))
        page = int(pairs.get("page") or 1)
        size = int(pairs.get("pageSize") or (DEFAULT_PAGE_SIZE if pairs.get("page") else MAX_PAGE_SIZE))
    except (ValueError, UnicodeDecodeError) as error:
        raise bad_request(N_("tham số không đọc được")) from error
    if not (1 <= page <= MAX_PAGE and 1 <= size <= MAX_PAGE_SIZE) or "\x00" in text or "%00" in text:
        raise bad_request(N_("số trang hoặc cỡ trang không hợp lệ"))
    order_by, is_descending = _read_order(pairs.get("ordering", ""), pairs.get("filter", ""))
    patterns = {name.removeprefix("query."): value for name, value in pairs.items() if name.startswith("query.")}
    return ListQuery(
        patterns={name: value for name, value in patterns.items() if value},
        search=pairs.get("search", ""),
        filter=pairs.get("filter", ""),
        order_by=order_by,
        is_descending=is_descending,
        page=page,
        page_size=size,
    )


def _read_order(text: str, filtered: str) -> tuple[str, bool]:
    """Read ordering: a direction ("descending", of the filtered field), or a field ("lastName", "-lastName")."""
    if text.lower() in _DESCENDING or text.lower() in _ASCENDING:
        return filtered if text else "", text.lower() in _DESCENDING
    return text.removeprefix("-"), text.startswith("-")


def read_content(body: bytes, part: str, *, is_required: bool = True) -> dict[str, Any]:
    """Return {part: {"content": {…}}} of a body. Raises: GovStackRefused."""
    try:
        said = orjson.loads(body)
        inner = said.get(part)
        content = inner["content"] if part in said or is_required else {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise bad_request(N_('nội dung phải là JSON có "%(part)s.content"', part=part)) from error
    if not isinstance(content, dict) or (is_required and not content) or "\\u0000" in orjson.dumps(content).decode():
        raise bad_request(N_('nội dung phải là JSON có "%(part)s.content"', part=part))
    return content


def read_question(body: bytes, *, fields: Collection[str]) -> dict[str, Any]:
    """Return what `exists` asks for: query.content, or the fields themselves, as the public suite's releases send them.

    Raises: GovStackRefused.
    """
    try:
        said = orjson.loads(body)
    except ValueError as error:
        raise bad_request(N_("nội dung phải là JSON")) from error
    if isinstance(said, dict) and said and "query" not in said and all(name in fields for name in said):
        body = orjson.dumps({"query": {"content": said}})
    return read_content(body, "query")


def read_entries(body: bytes, *, limit: int) -> list[dict[str, Any]]:
    """Return the records of a createEntries body: {"write": [{"content": {…}}, …]}. Raises: GovStackRefused."""
    try:
        said = orjson.loads(body)
        entries = [each["content"] for each in said["write"]]
    except (ValueError, KeyError, TypeError) as error:
        raise bad_request(N_('nội dung phải là JSON có "%(part)s.content"', part="write[]")) from error
    if not 1 <= len(entries) <= limit or not all(isinstance(each, dict) and each for each in entries):
        raise bad_request(N_("cần từ 1 đến %(limit)s bản ghi, mỗi bản ghi có nội dung", limit=limit))
    if "\\u0000" in orjson.dumps(entries).decode():
        raise bad_request(N_('nội dung phải là JSON có "%(part)s.content"', part="write[]"))
    return entries


def covers(grant: GrantInfo, fields: Sequence[str] | set[str]) -> bool:
    """Tell whether each field is granted whole: only such a field may decide what is found, or be written."""
    return "*" in grant.fields or all(field in grant.fields for field in fields)


def write_links(address: str, query: ListQuery, text: str, *, total: int) -> dict[str, str]:
    """Return the addresses of the next and the previous page; the text has an address or nothing."""
    pairs = [pair for pair in parse_qsl(text, keep_blank_values=True) if pair[0] not in ("page", "pageSize")]

    def link(page: int) -> str:
        return f"{address}?{urlencode([*pairs, ('page', page), ('pageSize', query.page_size)])}"

    links = {}
    if query.page * query.page_size < total:
        links["next"] = link(query.page + 1)
    if query.page > 1:
        links["previous"] = link(min(query.page - 1, max(1, -(-total // query.page_size))))
    return links


def read_usage_query(text: str) -> tuple[str, str]:
    """Return whose data and in which register myPersonalDataUsage asks for. Raises: GovStackRefused."""
    try:
        pairs = {name.lower(): value for name, value in parse_qsl(text, max_num_fields=50, errors="strict")}
    except (ValueError, UnicodeDecodeError) as error:
        raise bad_request(N_("tham số không đọc được")) from error
    person, database = pairs.get("userid", ""), pairs.get("databaseid", "")
    if not _PERSON.fullmatch(person) or not _PERSON.fullmatch(database):
        raise bad_request(N_("hãy nêu userId và databaseId"))
    return person, database


def write_json(content: Any, *, status: int = 200) -> Answer:
    return Answer(status=status, headers={"Content-Type": JSON}, body=dump_json(content))


def bad_request(reason: str) -> GovStackRefused:
    return GovStackRefused(400, N_("Yêu cầu không hợp lệ: %(reason)s.", reason=reason))


def denied() -> GovStackRefused:
    return GovStackRefused(403, N_("Hệ thống gọi chưa được chủ dữ liệu cấp quyền cho việc này."))


def not_found() -> GovStackRefused:
    return GovStackRefused(404, "no record found")  # the words of the standard


def to_uuid(text: object) -> UUID | None:
    """Return the uuid that a text is, or None."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
