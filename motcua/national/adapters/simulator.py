"""The national portal for trying: keeps what it is told, offers packages, and fails on demand.

A process of its own, without our database; it may keep its memory in a file. Faults strike by chance: slow, down,
lost (acknowledged and forgotten), duplicated (taken twice), reordered (taken after the next one), partial (half of
the messages answered), wrong (another state written down), refused, stale (an old list of the day).
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from motcua.exchange.public import Door, Simulated
from motcua.kernel import clock
from motcua.national.adapters.base import read_names
from motcua.national.rules.wire import format_stamp

FAULTS: Final = ("slow", "down", "lost", "duplicated", "reordered", "partial", "wrong", "refused")
PAGE: Final = 200
_WRONG_STATE: Final = 8


@dataclass(slots=True, kw_only=True)
class PortalSimulator:
    """The other side of states and packages. `memory`: a file that outlives the process; none: memory only."""

    door: Door
    memory: Path | None = None
    packages: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    now: Callable[[], datetime] = clock.now
    lines: list[dict[str, Any]] = field(default_factory=list)  # what it believes, oldest first
    confirmed: set[str] = field(default_factory=set)
    given: dict[str, dict[str, Any]] = field(default_factory=dict)
    _held: list[dict[str, Any]] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        if self.memory is not None and self.memory.exists():
            for line in self.memory.read_text("utf-8").splitlines():
                self._recall(json.loads(line))

    def answer(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Simulated | None:
        """Answer a request that is for the portal; None for all others."""
        paths = read_names()["paths"]
        where, _, rest = path.strip("/").partition(f"{paths['package']}/")
        pages: dict[tuple[str, str], Callable[[], Simulated]] = {
            ("POST", paths["tell"]): lambda: self._take_notes(body),
            ("GET", paths["day"]): lambda: self._list_day(query),
            ("GET", paths["packages"]): lambda: say({"DanhSach": self._waiting()}),
            ("POST", paths["taken"]): lambda: self._confirm(body),
            ("POST", paths["give"]): lambda: self._take_package(body),
        }
        page = (lambda: self._give_package(rest)) if rest and method == "GET" else pages.get((method, where))
        if page is None:
            return None
        if not self.door.is_known(headers):
            return say({"error": "invalid_token"}, status=401)
        if self.door.strikes("down"):
            return say({"error": "down"}, status=503)
        said = page()
        slow = self.door.slow_seconds if self.door.strikes("slow") else 0.0
        return Simulated(body=said.body, status=said.status, delay=slow)

    def settle(self) -> None:
        """Take what was held back, late as it is."""
        with self._lock:
            for line in self._held:
                self._believe(line)
            self._held.clear()

    def get_state(self, code: str) -> int | None:
        """Return what it now believes of a dossier."""
        return next((line["TrangThaiHoSo"] for line in reversed(self.lines) if _code_of(line) == code), None)

    def _take_notes(self, body: bytes) -> Simulated:
        lines = _read(body).get("DanhSach")
        if not isinstance(lines, list):
            return say({"error": "no list"}, status=400)
        with self._lock:
            answers = [self._take_note(line) for line in lines if isinstance(line, dict)]
        if self.door.strikes("partial"):
            answers = answers[: len(answers) // 2]
        return say({"KetQua": answers})

    def _take_note(self, line: dict[str, Any]) -> dict[str, Any]:
        answer = {"MaThongDiep": line.get("MaThongDiep")}
        if any(known["MaThongDiep"] == line.get("MaThongDiep") for known in self.lines):
            return answer | {"Ma": "01", "ThongBao": "đã nhận trước đó"}
        state = line.get("TrangThaiHoSo")
        if not (isinstance(state, int) and 1 <= state <= 10) or not _code_of(line):
            return answer | {"Ma": "12", "ThongBao": "trạng thái hoặc mã hồ sơ không đúng"}
        if self.door.strikes("refused"):
            return answer | {"Ma": "10", "ThongBao": "thủ tục chưa được công bố"}
        accepted = {**line, "ThoiDiemNhan": format_stamp(self.now())}
        if self.door.strikes("wrong"):
            accepted["TrangThaiHoSo"] = _WRONG_STATE
        held, self._held = self._held, []
        if self.door.strikes("reordered"):
            self._held = [accepted]
        elif not self.door.strikes("lost"):
            for _each in range(2 if self.door.strikes("duplicated") else 1):
                self._believe(accepted)
        for late in held:
            self._believe(late)
        return answer | {"Ma": "00", "ThongBao": ""}

    def _believe(self, line: dict[str, Any]) -> None:
        self.lines.append(line)
        self._remember({"line": line})

    def _list_day(self, query: Mapping[str, str]) -> Simulated:
        day, page = query.get("ngay", ""), int(query.get("trang", "1"))
        last: dict[str, dict[str, Any]] = {}
        with self._lock:
            for line in self.lines:
                if str(line.get("ThoiDiem", "")).startswith(day):
                    last[_code_of(line)] = line
        names = ("MaHoSo", "MaHoSoQuocGia", "TrangThaiHoSo", "ThoiDiem", "ThoiDiemNhan")
        rows = [{name: line[name] for name in names if name in line} for _code, line in sorted(last.items())]
        start = (page - 1) * PAGE
        return say({"DanhSach": rows[start : start + PAGE], "ConTrang": len(rows) > start + PAGE})

    def _waiting(self) -> list[str]:
        return sorted(self.packages.keys() - self.confirmed)

    def _give_package(self, code: str) -> Simulated:
        found = self.packages.get(code)
        if found is None:
            return say({"error": "unknown"}, status=404)
        content, signature = found
        if self.door.strikes("partial"):
            content = content[: len(content) // 2]
        return say({"GoiTin": base64.b64encode(content).decode(), "ChuKy": signature})

    def _confirm(self, body: bytes) -> Simulated:
        code = str(_read(body).get("MaHoSoQuocGia"))
        with self._lock:
            self.confirmed.add(code)
            self._remember({"confirmed": code})
        return say({"Ma": "00"})

    def _take_package(self, body: bytes) -> Simulated:
        asked = _read(body)
        key = str(asked.get("ChuKy"))
        with self._lock:
            self.given[key] = asked
        return say({"KetQua": [{"MaThongDiep": key[:40], "Ma": "00", "ThongBao": "đã nhận"}]})

    def _remember(self, fact: dict[str, Any]) -> None:
        if self.memory is not None:
            with self.memory.open("a", encoding="utf-8") as file:
                file.write(json.dumps(fact, ensure_ascii=False) + "\n")

    def _recall(self, fact: dict[str, Any]) -> None:
        if "line" in fact:
            self.lines.append(fact["line"])
        else:
            self.confirmed.add(fact["confirmed"])


def read_package_files(folder: Path) -> dict[str, tuple[bytes, str]]:
    """Return the signed packages that lie in a folder: `<name>.json` with `<name>.jws` beside it."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        content, signature = path.read_bytes(), path.with_suffix(".jws").read_text("utf-8")
        found[str(_read(content).get("MaHoSoQuocGia"))] = (content, signature)
    return found


def say(content: object, *, status: int = 200) -> Simulated:
    """Return an answer in JSON."""
    return Simulated(body=json.dumps(content, ensure_ascii=False).encode(), status=status)


def _code_of(line: Mapping[str, Any]) -> str:
    return str(line.get("MaHoSo") or line.get("MaHoSoQuocGia") or "")


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
