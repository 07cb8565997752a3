"""The real browser that tests drive: the machine's own, or playwright's where it has none."""

from __future__ import annotations

import shutil

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def find_chromium() -> str | None:
    """Return the machine's browser if it is there; None lets playwright use its own.

    The shell is the same engine without windows and tabs: half the work for these two cores.
    """
    return next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)
