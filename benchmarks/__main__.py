"""`python -m benchmarks [NAME ...]`: run the promises (all, or bench_NAME), each file on a server of its own."""

from __future__ import annotations

import atexit
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import print_promise

HERE = Path(__file__).resolve().parent


def prepare_database() -> None:
    """Start a fresh embedded server (durable commits on, as in life) with a migrated database."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    folder.chmod(0o755)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["MOTCUA_VAR_DIR"] = str(folder / "var")
    os.environ["DJANGO_SETTINGS_MODULE"] = "motcua.project.settings.test"
    from motcua.project.tests.prepared_server import TEMPLATE, create_database, start_prepared_server

    os.environ["DATABASE_URL"] = start_prepared_server(folder / "postgres")
    os.environ["DATABASE_URL"] = create_database("motcua_bench", template=TEMPLATE)
    import django

    django.setup()


def run_one(name: str) -> bool:
    """Run one file of promises here; return whether all were kept."""
    prepare_database()
    is_all_kept = True
    for promise in importlib.import_module(f"benchmarks.bench_{name}").run():
        print_promise(promise)
        is_all_kept &= promise.is_kept
    return is_all_kept


def main() -> int:
    wanted = sys.argv[1:] or sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    if len(wanted) == 1:
        return 0 if run_one(wanted[0]) else 1
    # Each in a process of its own: what one leaves in memory and tables is no other's measure.
    failed = [
        name for name in wanted if subprocess.run([sys.executable, "-m", "benchmarks", name], check=False).returncode
    ]
    print("Mọi lời hứa đều giữ." if not failed else f"Không giữ: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
