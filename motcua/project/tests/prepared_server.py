"""A migrated database kept between runs: a run copies it instead of migrating once for each worker and city.

The kept copy is found by the content of everything that makes it, so a changed migration makes a new one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from motcua.project.database import ROOT, parse_database_url, start_embedded_server

TEMPLATE = "motcua_template"
KEPT = ROOT / ".tools" / "databases"
MADE_OF = ("motcua/*/migrations/*.py", "motcua/places/data/*", "motcua/places/**/*.py", "requirements.lock")
KEPT_COUNT = 3  # those of other branches stay for a while
NOT_DURABLE = "\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


def start_prepared_server(folder: Path, *, is_durable: bool = True) -> str:
    """Start a server in `folder` that holds the migrated database TEMPLATE; return its URL.

    `is_durable=False` spares the waiting for the disk: for tests, whose data nobody keeps.
    """
    kept = KEPT / _compute_key()
    if not kept.exists():
        _build(kept)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # With its owner: the server runs as a user of its own when we are root, and shutil would lose that.
    subprocess.run(["cp", "-a", str(kept), str(folder)], check=True)
    if not is_durable:
        with (folder / "postgresql.auto.conf").open("a") as settings:
            settings.write(NOT_DURABLE)
    return start_embedded_server(folder)


def create_database(name: str, *, template: str = "") -> str:
    """Create a database, anew if it is there, on the server of DATABASE_URL; return its URL."""
    import psycopg

    url = os.environ["DATABASE_URL"]
    settings = parse_database_url(url)
    with psycopg.connect(url, dbname=str(settings["NAME"]), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    base, _, query = url.partition("?")
    return base.rsplit("/", 1)[0] + f"/{name}?{query}"


def _compute_key() -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted({path for pattern in MADE_OF for path in ROOT.glob(pattern)}):
        if path.is_file() and "tests" not in path.relative_to(ROOT).parts:
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _build(kept: Path) -> None:
    """Migrate in a process of its own, whose server stops with it; keep the folder. Two runs at once: one is kept."""
    with tempfile.TemporaryDirectory(prefix="motcua-prepare-") as name:
        work = Path(name)
        work.chmod(0o755)
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        environment |= {"MOTCUA_VAR_DIR": str(work / "var"), "DJANGO_SETTINGS_MODULE": "motcua.project.settings.test"}
        subprocess.run(
            [sys.executable, "-m", __spec__.name, str(work / "postgres")], env=environment, cwd=ROOT, check=True
        )
        KEPT.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=KEPT)) / "postgres"
        subprocess.run(["cp", "-a", str(work / "postgres"), str(beside)], check=True)
    if not kept.exists():
        beside.rename(kept)
    shutil.rmtree(beside.parent, ignore_errors=True)
    by_age = sorted(KEPT.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for old in by_age[KEPT_COUNT:]:
        shutil.rmtree(old, ignore_errors=True)


def _make_template(folder: Path) -> None:
    os.environ["DATABASE_URL"] = start_embedded_server(folder)
    os.environ["DATABASE_URL"] = create_database(TEMPLATE)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from motcua.places.public import ensure_city_areas

    ensure_city_areas()


if __name__ == "__main__":
    _make_template(Path(sys.argv[1]))
