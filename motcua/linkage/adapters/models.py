"""The models that are shipped, and others by path."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from motcua.kernel.messages import N_
from motcua.linkage.rules.modelling import Model, read_model
from motcua.linkage.types import LinkRefused

SHIPPED = Path(__file__).resolve().parents[1] / "data"


def load_model(path: Path | None = None, *, kind: str) -> Model:
    """Return the model of a file, or the shipped one of this kind. Raises: LinkRefused."""
    if path is None:
        return _load_shipped(kind)
    try:
        model = read_model(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise LinkRefused(N_("không mở được tệp mô hình %(name)s", name=path.name)) from error
    if model.kind != kind:
        raise LinkRefused(N_("mô hình này không dùng cho loại dữ liệu mà tệp ánh xạ nêu"))
    return model


@cache
def _load_shipped(kind: str) -> Model:
    return read_model((SHIPPED / f"{kind}.json").read_text("utf-8"))
