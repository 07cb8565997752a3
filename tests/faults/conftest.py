"""A city that is killed and started again; one for all tests of this folder, which therefore run on one worker."""

from __future__ import annotations

import os
import signal
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import City


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder serves a whole city."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            for mark in (pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)):
                item.add_marker(mark)
            item.add_marker(pytest.mark.xdist_group("city-kill"))


class MortalCity(City):
    """A city whose processes can be ended without a warning."""

    def kill_all(self) -> None:
        """kill -9 of everything that `serve` started: its whole group at one blow."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=20)

    def kill_web_workers(self) -> None:
        """kill -9 of the processes that answer requests; the master of gunicorn starts new ones."""
        web = self._list_web_processes()
        workers = [pid for pid, parent in web.items() if parent in web]
        assert workers, "no web worker found"
        for pid in workers:
            os.kill(pid, signal.SIGKILL)

    def _list_web_processes(self) -> dict[int, int]:
        """Return pid -> parent of the gunicorn processes in the group that this city started."""
        found = {}
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                after_name = (folder / "stat").read_text().rpartition(")")[2].split()
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue  # it has just ended
            if int(after_name[2]) == self.process.pid and b"gunicorn" in command:
                found[int(folder.name)] = int(after_name[1])
        return found

    def wait_until_answering(self) -> None:
        """Wait for a new web worker in the place of a killed one."""
        for _attempt in range(300):
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server does not answer: " + self.log.read_text("utf-8")[-3000:])

    def ensure_running(self) -> None:
        if self.process.poll() is not None:
            self.start()

    def ensure_stopped(self) -> None:
        if self.process.poll() is None:
            self.stop()


@pytest.fixture(scope="session")
def _mortal_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalCity]:
    folder = tmp_path_factory.mktemp("mortal")
    city = MortalCity(folder, name="motcua_faults", dossiers=0)
    yield city
    city.ensure_stopped()


@pytest.fixture
def served_city(_mortal_city: MortalCity) -> MortalCity:
    """The city with its server and its background worker running."""
    _mortal_city.ensure_running()
    return _mortal_city


@pytest.fixture
def silent_city(_mortal_city: MortalCity) -> MortalCity:
    """The city with its data but nothing running."""
    _mortal_city.ensure_stopped()
    return _mortal_city
