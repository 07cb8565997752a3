"""The staff of a role: so many desks, one queue, first come first served. Time is minutes of open office."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Work:
    """One piece of work in the queue: of which case, which token, since when."""

    case: int
    token: str
    element_id: str
    since: float
    minutes: float
    is_seated: bool = False
    is_gone: bool = False


@dataclass(slots=True)
class Desk:
    """One role. `people` 0: as many as needed, nobody waits."""

    role: str
    people: int
    queue: deque[Work] = field(default_factory=deque)
    busy: int = 0
    done: int = 0
    waited: float = 0.0
    worked: float = 0.0
    waiting: int = 0
    most_waiting: int = 0
    area: float = 0.0
    last: float | None = None
    changes: list[tuple[float, int]] = field(default_factory=list)

    def note(self, now: float, change: int) -> None:
        """Count the waiting over time."""
        if self.last is not None:
            self.area += self.waiting * (now - self.last)
        self.last = now
        self.waiting += change
        self.most_waiting = max(self.most_waiting, self.waiting)
        if not self.changes or self.changes[-1][0] != now:
            self.changes.append((now, self.waiting))
        else:
            self.changes[-1] = (now, self.waiting)

    def put(self, work: Work, now: float) -> None:
        self.queue.append(work)
        self.note(now, 1)

    def drop(self, work: Work, now: float) -> None:
        """The process went on without this work."""
        if not work.is_gone and not work.is_seated:
            work.is_gone = True
            self.note(now, -1)

    def take(self, now: float) -> Work | None:
        """Let a free person take the oldest work."""
        while self.queue and (not self.people or self.busy < self.people):
            work = self.queue.popleft()
            if work.is_gone:
                continue
            self.note(now, -1)
            work.is_seated = True
            self.busy += 1
            self.waited += now - work.since
            return work
        return None

    def free(self, minutes: float, *, is_done: bool) -> None:
        self.busy -= 1
        self.worked += minutes
        self.done += is_done
