"""The national portal over HTTP, by the platform's connection that the exchange keeps."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import date
from typing import Final
from urllib.parse import quote

from motcua.exchange.public import NationalHttp, NationalUnavailable
from motcua.national.adapters.base import NationalPortal, SignedPackage, is_connected, read_names
from motcua.national.rules import wire
from motcua.national.types import Acknowledgement, StatusNote, ToldState

MAX_PAGES: Final = 200


class HttpPortal(NationalPortal):
    """JSON by POST and GET; the paths and names are data (portal_fields.toml)."""

    def __init__(self) -> None:
        self._http = NationalHttp()
        self._names = read_names()

    def tell(self, notes: Sequence[StatusNote]) -> tuple[Acknowledgement, ...]:
        """Tell states. Raises: NationalUnavailable, NationalRefused."""
        content = self._call("POST", "tell", body=wire.write_notes(notes, self._names))
        try:
            return wire.read_acknowledgements(content, self._names)
        except wire.AnswerBroken as error:
            raise NationalUnavailable("broken") from error

    def list_day(self, on: date) -> tuple[ToldState, ...]:
        """Read the list of a day, page by page. Raises: NationalUnavailable, NationalRefused."""
        lines: list[ToldState] = []
        for page in range(1, MAX_PAGES + 1):
            content = self._call("GET", "day", query={"ngay": f"{on:%Y%m%d}", "trang": str(page)})
            try:
                found, has_more = wire.read_day_page(content, self._names)
            except wire.AnswerBroken as error:
                raise NationalUnavailable("broken") from error
            lines += found
            if not has_more:
                return tuple(lines)
        raise NationalUnavailable("too_large")

    def list_waiting(self) -> tuple[str, ...]:
        """Return the codes of packages that wait for us. Raises: NationalUnavailable, NationalRefused."""
        try:
            return wire.read_codes(self._call("GET", "packages"), self._names)
        except wire.AnswerBroken as error:
            raise NationalUnavailable("broken") from error

    def fetch(self, national_code: str) -> SignedPackage:
        """Return a package. Raises: NationalUnavailable, NationalRefused."""
        content = self._call("GET", "package", after=national_code)
        try:
            said = json.loads(content)
            return SignedPackage(content=base64.b64decode(said["GoiTin"], validate=True), signature=str(said["ChuKy"]))
        except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
            raise NationalUnavailable("broken") from error

    def confirm(self, national_code: str) -> None:
        """Say that the package is stored here. Raises: NationalUnavailable, NationalRefused."""
        body = json.dumps({self._names["note"]["national_code"]: national_code}).encode()
        self._call("POST", "taken", body=body)

    def give(self, package: SignedPackage, *, target: str) -> Acknowledgement:
        """Hand a package over. Raises: NationalUnavailable, NationalRefused."""
        envelope = {"GoiTin": base64.b64encode(package.content).decode(), "ChuKy": package.signature, "NoiNhan": target}
        content = self._call("POST", "give", body=json.dumps(envelope).encode())
        try:
            answers = wire.read_acknowledgements(content, self._names)
        except wire.AnswerBroken as error:
            raise NationalUnavailable("broken") from error
        if len(answers) != 1:
            raise NationalUnavailable("broken")
        return answers[0]

    def _call(
        self, method: str, path: str, *, body: bytes = b"", query: dict[str, str] | None = None, after: str = ""
    ) -> bytes:
        if not is_connected():
            raise NationalUnavailable("not_configured")
        where = self._names["paths"][path] + (f"/{quote(after, safe='')}" if after else "")
        return self._http.call(method, where, body=body, query=query)
