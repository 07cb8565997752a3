"""`python -m benchmarks [NAME ...]`: run the promises (all, or bench_NAME) on a database of their own."""

from __future__ import annotations

import atexit
import importlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import print_promise

HERE = Path(__file__).resolve().parent


def prepare_database() -> None:
    """Start a fresh embedded server (durable commits on, as in life) and migrate it."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    folder.chmod(0o755)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["MOTCUA_VAR_DIR"] = str(folder / "var")
    os.environ["DJANGO_SETTINGS_MODULE"] = "motcua.project.settings.test"
    from motcua.project.database import start_embedded_server

    os.environ["DATABASE_URL"] = start_embedded_server(folder / "postgres")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def main() -> int:
    wanted = sys.argv[1:] or sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    prepare_database()
    is_all_kept = True
    for name in wanted:
        for promise in importlib.import_module(f"benchmarks.bench_{name}").run():
            print_promise(promise)
            is_all_kept &= promise.is_kept
    return 0 if is_all_kept else 1


if __name__ == "__main__":
    sys.exit(main())
