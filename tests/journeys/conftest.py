"""A whole city on loopback for the journeys: the real server, the real worker, a real browser."""

from __future__ import annotations

import functools
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from motcua.project.database import parse_database_url
from motcua.project.tests.prepared_server import create_database
from motcua.ui.tests.browser import FLAGS, find_chromium

P = ParamSpec("P")
R = TypeVar("R")

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
AXE = ROOT / "assets" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (320, 1280)
PATIENCE_MS = 30_000  # a machine under load is slow, not wrong
expect.set_options(timeout=PATIENCE_MS)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder is a journey; the files are dealt to two cities, so that two workers share the time.

    Those of one city are told in the order in which they are written: what one leaves there, the next one finds.
    """
    journeys = [item for item in items if HERE in item.path.parents]
    files = sorted({item.path for item in journeys})
    for item in journeys:
        item.add_marker(pytest.mark.e2e)
        item.add_marker(pytest.mark.timeout(600))
        item.add_marker(pytest.mark.xdist_group(f"city-{files.index(item.path) % 2}"))
    journeys.sort(key=lambda item: (str(item.path), item.reportinfo()[1] or 0, item.name))
    items[:] = [*journeys, *(item for item in items if HERE not in item.path.parents)]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Whoever shares a city runs on one worker: say so when the runner no longer heeds it."""
    if session.config.getvalue("dist", "no") == "loadgroup" and "PYTEST_XDIST_WORKER" in os.environ:
        ungrouped = [item.nodeid for item in session.items if item.path.is_relative_to(HERE) and "@" not in item.nodeid]
        assert not ungrouped, f"not grouped by xdist: {ungrouped[:3]}"


_JUDGED: set[str] = set()  # pages, numbers aside, that passed the check in this process


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_listening(port: int, process: subprocess.Popen[bytes], *, seconds: int = 60) -> None:
    """Return when the process takes connections; fail when it ended or took too long."""
    for _attempt in range(seconds * 10):
        assert process.poll() is None, f"ended with {process.returncode}"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"nothing listens on port {port}")


class City:
    """A served demonstration city. `url` is its address; it can be killed and started again."""

    def __init__(self, folder: Path, *, name: str, dossiers: int) -> None:
        self.port = find_free_port()
        self.url = f"http://localhost:{self.port}"
        self.simulator_port = find_free_port()  # where a journey of money runs the bank
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        self.database_url = create_database(  # each worker of the run serves a city of its own
            f"{name}_{worker}", template=os.environ.get("MOTCUA_TEST_TEMPLATE", "")
        )
        self.environment = os.environ | {
            "DATABASE_URL": self.database_url,
            "DJANGO_SETTINGS_MODULE": "motcua.project.settings.demo",
            "MOTCUA_VAR_DIR": str(folder),
            "MOTCUA_PUBLIC_URL": self.url,
            "MOTCUA_PAYMENT_SIMULATOR": f"http://127.0.0.1:{self.simulator_port}",
        }
        self.log = folder / "server.log"
        self.run("demo", "--no-serve", f"--dossiers={dossiers}", f"--port={self.port}")
        self.process = self.start()

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "motcua.project.cli", *command],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=400, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-5000:]
        return done.stdout

    def prepare(self, what: str, count: int) -> Any:
        """Run tests/faults/preparing.py inside the city; return what it made."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.preparing", what, str(count)],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-5000:]
        return json.loads(done.stdout.splitlines()[-1])

    def start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "motcua.project.cli", "serve", f"--port={self.port}", "--processes=1"],
                env=self.environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        for _attempt in range(600):
            assert self.process.poll() is None, self.log.read_text("utf-8")[-5000:]
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                    return self.process
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError("the server did not start: " + self.log.read_text("utf-8")[-3000:])

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=40)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the city's database directly: for what no page shows."""
        settings = parse_database_url(self.database_url)
        with psycopg.connect(
            dbname=str(settings["NAME"]), user=str(settings["USER"]), host=str(settings["HOST"])
        ) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    city = City(tmp_path_factory.mktemp("city"), name="motcua_journeys", dossiers=24)
    yield city
    city.stop()


def _arrive(act: Callable[P, R]) -> Callable[P, R]:
    """Wrap what a person does to an element: it ends when the page it opened has come whole.

    The driver waits only until a new page begins; whoever counts or reads next would see half a page.
    """

    @functools.wraps(act)
    def act_and_arrive(*args: P.args, **kwargs: P.kwargs) -> R:
        done = act(*args, **kwargs)
        element = args[0]
        assert isinstance(element, Locator)
        element.page.wait_for_load_state()
        return done

    return act_and_arrive


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser a file: while it lives no other test of this process may run an event loop."""
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        for name in ("click", "press", "check", "select_option"):
            patch.setattr(Locator, name, _arrive(getattr(Locator, name)))
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, city: City) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page of its own session: another person, another device."""
    contexts: list[BrowserContext] = []

    def open_page(*, width: int = 1280, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=city.url, viewport={"width": width, "height": 900}, locale="vi-VN", java_script_enabled=script,
            timezone_id="Asia/Ho_Chi_Minh",
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: pytest.fail(f"script error on {page.url}: {error}"))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def check_page() -> Callable[[Page], None]:
    """Return a check of the page shown: no axe violation and no sideways scrolling, narrow and wide.

    What the drawing tools put into their own area is theirs and left out; the page around it is ours.
    """
    source = AXE.read_text("utf-8")

    def check(page: Page) -> None:
        look = re.sub(r"[0-9a-f]{8,}|[\w-]{40,}|\d+", "#", page.content())
        if look in _JUDGED:
            return  # the same page with other numbers: seen by this run, narrow and wide
        before = page.viewport_size
        page.evaluate(source)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found = page.evaluate("axe.run({exclude: ['[data-canvas]']}, {resultTypes: ['violations']})")["violations"]
            brief = [{"rule": v["id"], "nodes": [n["html"][:200] for n in v["nodes"][:3]]} for v in found]
            assert not found, f"{page.url} at {width} px:\n{json.dumps(brief, ensure_ascii=False, indent=1)}"
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{page.url} scrolls sideways by {overflow} px at {width} px"
        if before:
            page.set_viewport_size(before)
        _JUDGED.add(look)

    return check
