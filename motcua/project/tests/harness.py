"""The test harness: a database server of its own for each run, offline, random order, warnings are errors.

Loaded by `-p` in pyproject.toml: a conftest would come after pytest-django has read the settings.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings

_RUN_DIR = "MOTCUA_TEST_RUN_DIR"  # set by the run that made the folder, inherited by its xdist workers


def _start_database() -> None:
    """Start PostgreSQL before Django reads its settings; xdist workers inherit the address."""
    if _RUN_DIR in os.environ:
        # Keys and files of each worker lie apart: one that turns its keys over must not lock the other's papers.
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        os.environ["MOTCUA_VAR_DIR"] = str(Path(os.environ[_RUN_DIR]) / f"var-{worker}")
        return
    folder = Path(tempfile.mkdtemp(prefix="motcua-test-"))
    folder.chmod(0o755)  # the server runs as a user of its own when we are root
    os.environ[_RUN_DIR] = str(folder)
    os.environ["MOTCUA_VAR_DIR"] = str(folder / "var")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # first in, last out: after the server stopped
    if "DATABASE_URL" not in os.environ:
        from motcua.project.tests.prepared_server import TEMPLATE, start_prepared_server

        os.environ["DATABASE_URL"] = start_prepared_server(folder / "postgres", is_durable=False)
        os.environ["MOTCUA_TEST_TEMPLATE"] = TEMPLATE


_start_database()
# No test is timed: a busy machine is no fault. The checking machine (CI is set) says the same of the same commit.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a file given to a test by its argument: its bytes may hold the time, and the workers must agree on names."""
    return argname if isinstance(val, bytes) and len(val) > 60 else None
