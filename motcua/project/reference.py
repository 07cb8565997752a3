"""The reference pages, made from the code itself: faces, commands, events, settings, sources of law.

`motcua write_reference` writes them; a test fails when they are not what the code says.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from django.core.management import get_commands, load_command_class

from motcua.kernel.events import Event

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "motcua"
HEAD = "<!-- Trang này do `motcua write_reference` viết từ mã nguồn. Đừng sửa tay. -->\n\n"
SOURCE_LINE = re.compile(r"^\s*Source: (?P<text>.+?)\s*$", re.M)


def build_pages() -> dict[str, str]:
    """Return file name -> text of every reference page."""
    return {
        "faces.md": HEAD + _build_faces(),
        "commands.md": HEAD + _build_commands(),
        "events.md": HEAD + _build_events(),
        "settings.md": HEAD + _build_settings(),
        "law.md": HEAD + _build_law(),
    }


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").strip().split("\n", 1)[0]


def _list_modules() -> list[str]:
    return sorted(path.parent.name for path in PACKAGE.glob("*/public.py"))


def _build_faces() -> str:
    lines = ["# Mặt của từng mô-đun (public.py)\n"]
    for module in _list_modules():
        face = importlib.import_module(f"motcua.{module}.public")
        lines.append(f"\n## {module}\n\n| tên | là gì |\n|---|---|")
        for name in sorted(face.__all__):
            thing = getattr(face, name)
            is_own = inspect.isclass(thing) or inspect.isfunction(thing)
            lines.append(f"| `{name}` | {_first_line(thing).replace('|', '/') if is_own else 'giá trị'} |")
    return "\n".join(lines) + "\n"


def _build_commands() -> str:
    lines = ["# Lệnh `motcua`\n\n| lệnh | việc |\n|---|---|"]
    for name, app in sorted(get_commands().items()):
        if isinstance(app, str) and app.startswith("motcua."):
            lines.append(f"| `{name}` | {str(load_command_class(app, name).help).strip()} |")
    return "\n".join(lines) + "\n"


def list_events() -> list[type[Event]]:
    """Return every event class of the product, by its type name."""
    for module in _list_modules():
        importlib.import_module(f"motcua.{module}.public")
    found: list[type[Event]] = []
    waiting = list(Event.__subclasses__())
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        if cls.__module__.startswith("motcua.") and ".tests" not in cls.__module__:
            found.append(cls)
    return sorted(found, key=lambda cls: cls.event_type)


def _build_events() -> str:
    lines = ["# Sự kiện (CloudEvents)\n\n| loại | nghĩa | dữ liệu |\n|---|---|---|"]
    for cls in list_events():
        fields = ", ".join(f"`{name}`" for name in cls.__dataclass_fields__)
        lines.append(f"| `{cls.event_type}` | {_first_line(cls)} | {fields} |")
    return "\n".join(lines) + "\n"


def list_environment() -> list[tuple[str, str, str]]:
    """Return (variable, default, reason) of each environment variable that the product reads."""
    pattern = re.compile(r"""environ(?:\.get)?[\(\[]\s*"(MOTCUA_\w+|DATABASE_URL)"(?:,\s*([^)\]]+))?""")
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if "tests" in path.parts:
            continue
        for line in path.read_text("utf-8").splitlines():
            for name, default in pattern.findall(line):
                reason = line.split("#", 1)[1].strip() if "#" in line else ""
                if name not in found or reason:
                    found[name] = (default.strip(), reason)
    return [(name, default, reason) for name, (default, reason) in sorted(found.items())]


def _build_settings() -> str:
    lines = ["# Biến môi trường\n\n| biến | mặc định | lý do |\n|---|---|---|"]
    lines += [
        f"| `{name}` | {f'`{default}`' if default else ''} | {why} |" for name, default, why in list_environment()
    ]
    return "\n".join(lines) + "\n"


def list_sources() -> Iterator[tuple[str, str]]:
    """Yield (place in the code, text) of every Source line in a docstring."""
    for info in pkgutil.walk_packages([str(PACKAGE)], "motcua."):
        path = ROOT / Path(*info.name.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if ".tests" in info.name or ".migrations" in info.name:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                for match in SOURCE_LINE.finditer(ast.get_docstring(node) or ""):
                    yield f"{info.name}{'' if isinstance(node, ast.Module) else '.' + node.name}", match["text"]


def _build_law() -> str:
    lines = ["# Điều luật và chuẩn, và nơi mã nguồn dùng chúng\n\n| nguồn | nơi dùng |\n|---|---|"]
    places: dict[str, list[str]] = {}
    for place, text in list_sources():
        places.setdefault(text, []).append(f"`{place.removeprefix('motcua.')}`")
    lines += [f"| {text} | {', '.join(sorted(set(where)))} |" for text, where in sorted(places.items())]
    return "\n".join(lines) + "\n"
