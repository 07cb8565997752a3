"""What became of a code when nobody says which day it was written on. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

Link = tuple[str, str]  # old code, new code


def trace_successors(links: Iterable[Link], *, current: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Return, for each code that ever was, the codes in force today that it may stand for.

    A code that was used again stands for itself and for what its former holder became.
    """
    heirs: dict[str, set[str]] = defaultdict(set)
    for old, new in links:
        heirs[old].add(new)
    return {code: tuple(sorted(_reach(code, heirs) & current)) for code in {*heirs, *current}}


def _reach(code: str, heirs: dict[str, set[str]]) -> frozenset[str]:
    seen, waiting = {code}, [code]
    while waiting:
        for heir in heirs.get(waiting.pop(), ()):
            if heir not in seen:
                seen.add(heir)
                waiting.append(heir)
    return frozenset(seen)
