"""A chart as SVG made by the server: no script, and the same figures stand in a table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

WIDTH, HEIGHT = 720, 240
_LEFT, _TOP, _RIGHT, _BOTTOM = 46, 14, 12, 30
COLOURS = ("#0b4f53", "#a3260f", "#8a5a00", "#4a4486", "#1d6b3f")
_DASHES = ("", "6 4", "2 3", "10 4 2 4", "14 5")  # told apart without colour too

Line = tuple[str, Sequence[tuple[datetime, int]]]


def draw_queues(lines: Sequence[Line], *, title: str) -> str:
    """Return the queues over time, one step line for each role, as an SVG text."""
    points = [point for _, line in lines for point in line]
    if not points:
        return ""
    first, last = min(at for at, _ in points), max(at for at, _ in points)
    most = max(1, *(count for _, count in points))
    span = max(1.0, (last - first).total_seconds())

    def x(at: datetime) -> float:
        return _LEFT + (at - first).total_seconds() / span * (WIDTH - _LEFT - _RIGHT)

    def y(count: float) -> float:
        return HEIGHT - _BOTTOM - count / most * (HEIGHT - _TOP - _BOTTOM)

    parts = [
        f'<svg class="mc-chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-label="{escape(title)}">'
    ]
    for share in (0, 0.5, 1):
        level = y(most * share)
        parts.append(f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{level:.1f}" y2="{level:.1f}" stroke="#d8d0c0"/>')
        parts.append(
            f'<text x="{_LEFT - 6}" y="{level + 5:.1f}" text-anchor="end" font-size="13" fill="#4b5d60">'
            f"{most * share:g}</text>"
        )
    for at, anchor in ((first, "start"), (last, "end")):
        parts.append(
            f'<text x="{x(at):.1f}" y="{HEIGHT - 8}" text-anchor="{anchor}" font-size="13" fill="#4b5d60">'
            f"{at:%d/%m/%Y}</text>"
        )
    for number, (_, line) in enumerate(lines):
        path = " ".join(f"{'L' if i else 'M'}{x(at):.1f} {y(count):.1f}" for i, (at, count) in enumerate(line))
        colour, dash = COLOURS[number % len(COLOURS)], _DASHES[number % len(_DASHES)]
        parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"/>')
    return "".join([*parts, "</svg>"])
