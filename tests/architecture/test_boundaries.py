"""What import-linter cannot say: faces, file names, foreign keys, sizes. The list of exceptions is empty."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey, OneToOneField

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "motcua"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
# "a | b": side by side, neither knows the other
ORDER: list[str] = [name.strip() for layer in CONTRACTS[0]["layers"] for name in layer.split("|")]
OPEN_LIBRARIES = {"kernel", "process"}  # pure libraries: their submodules are their face
FILES = {
    "__init__", "public", "types", "rules", "models", "queries", "actions", "tasks", "views", "forms", "urls",
    "rest", "admin", "apps", "adapters", "management", "migrations", "templates", "static", "tests", "README",
}  # fmt: skip
MODULES_OF_ONE_SHAPE = [m for m in ORDER if m not in OPEN_LIBRARIES | {"project", "ui"}]
EXTRA_PARTS = {  # named in ARCHITECTURE or in an ADR
    "audit": {"data"},
    "exchange": {"data"},
    "identity": {"data", "middleware", "urls_oidc"},
    "places": {"data"},
    "procedures": {"data", "designed"},
    "documents": {"typst"},
    "dossiers": {"slips"},
    "portal": {"data", "paper"},
    "registers": {"data"},
    "linkage": {"data"},
    "payments": {"paper"},
    "vault": {"paper"},
}


def list_sources(*, tests: bool) -> list[Path]:
    files = [p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts]
    return [p for p in files if tests or "tests" not in p.parts]


def list_imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def get_module(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


@pytest.mark.slow
def test_neighbours_are_known_by_their_face_only() -> None:
    wrong = []
    for path in list_sources(tests=True):
        here = get_module(path)
        for line, name in list_imports(path):
            parts = name.split(".")
            if parts[0] != "motcua" or len(parts) < 3 or parts[1] == here or parts[1] in OPEN_LIBRARIES:
                continue
            is_test_factory = "tests" in path.parts and parts[2] == "tests"
            is_wiring = here == "project" and parts[1] == "ui"
            if parts[2] != "public" and not is_test_factory and not is_wiring:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("module", MODULES_OF_ONE_SHAPE)
def test_modules_look_alike(module: str) -> None:
    found = {p.stem for p in (PACKAGE / module).iterdir() if not p.name.startswith((".", "__pycache__"))}
    assert found - FILES - EXTRA_PARTS.get(module, set()) == set()
    assert (PACKAGE / module / "README.md").exists()


def test_foreign_keys_point_down_the_list() -> None:
    wrong = []
    for model in apps.get_models():
        here = model._meta.app_label
        if here not in ORDER:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | OneToOneField):
                there = field.related_model._meta.app_label
                if there in ORDER and ORDER.index(there) < ORDER.index(here):
                    wrong.append(f"{model.__name__}.{field.name} -> {there}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_sizes() -> None:
    wrong = []
    for path in list_sources(tests=True):
        limit = 500 if "tests" in path.parts else 400
        text = path.read_text("utf-8")
        lines = text.count("\n")
        if lines > (100 if path.name == "public.py" else limit):
            wrong.append(f"{path.relative_to(ROOT)} has {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 50:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} is past 50 lines")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("module", ORDER[1:])
def test_face_is_reexports_only(module: str) -> None:
    path = PACKAGE / module / "public.py"
    if module in ("kernel", "portal", "operations") and not path.exists():
        return
    tree = ast.parse(path.read_text("utf-8"))
    allowed = (ast.Import, ast.ImportFrom, ast.Expr, ast.Assign)
    assert all(isinstance(node, allowed) for node in tree.body)
    assert any(isinstance(n, ast.Assign) and n.targets[0].id == "__all__" for n in tree.body)  # type: ignore[attr-defined]  # an assignment of __all__ has a plain name
