"""Everyday changes of procedure.toml and of a form's words, with every comment and the order of the file kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, Table

from motcua.designer.types.drafts import FileUnreadable
from motcua.kernel.text import to_nfc

Row = Mapping[str, object]
_DEEPEST = 20
_LABELS = ("label", "dateLabel", "timeLabel", "text", "description")


def read_toml(content: bytes) -> dict[str, Any]:
    """Return the file as plain values. Raises: FileUnreadable."""
    return dict(_parse(content).unwrap())


def set_values(content: bytes, values: Row, *, table: str = "") -> bytes:
    """Set keys of the file or of one table; None or empty text takes the key away, lists keep their shape."""
    document = _parse(content)
    target: Any = document
    if table:
        if not isinstance(document.get(table), dict):
            document[table] = tomlkit.table()
        target = document[table]
    _set_keys(target, values)
    return _write(document)


def set_rows(content: bytes, key: str, rows: Sequence[Row]) -> bytes:
    """Set an array of tables row by row: a row that stays keeps its comments and the keys that are not named.

    Shape of a row: its values, with `_index` = its place in the file so far (missing: a new row).
    """
    document = _parse(content)
    before = document.get(key)
    old: list[Any] = list(before) if isinstance(before, list) else []
    array = tomlkit.aot()
    for row in rows:
        index = row.get("_index")
        kept = old[index] if isinstance(index, int) and 0 <= index < len(old) else tomlkit.table()
        _set_keys(kept, {name: value for name, value in row.items() if name != "_index"})
        array.append(kept)
    _replace(document, key, array, is_there=key in document)
    return _write(document)


def list_labels(content: bytes) -> tuple[tuple[str, str, str], ...]:
    """Return (component id, which word, text) of a form, in the order of the questions. Raises: FileUnreadable."""
    schema = _load(content)
    return tuple(
        (component["id"], name, component[name])
        for component in _components(schema)
        for name in _LABELS
        if isinstance(component.get("id"), str) and isinstance(component.get(name), str)
    )


def set_labels(content: bytes, texts: Mapping[tuple[str, str], str]) -> bytes:
    """Set words of a form. Shape: {(component id, "label" | "description" …): text}."""
    schema = _load(content)
    for component in _components(schema):
        for name in _LABELS:
            text = texts.get((str(component.get("id")), name))
            if text is not None and isinstance(component.get(name), str):
                component[name] = to_nfc(text)
    return (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()


def _parse(content: bytes) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(content.decode("utf-8"))
    except (UnicodeDecodeError, TOMLKitError) as error:
        raise FileUnreadable("procedure.toml") from error


def _write(document: tomlkit.TOMLDocument) -> bytes:
    return tomlkit.dumps(document).encode()


def _set_keys(target: Any, values: Row) -> None:
    for key, value in values.items():
        if value in (None, "", []):
            if key in target:
                del target[key]
        elif isinstance(value, list):
            _set_list(target, key, [to_nfc(str(each)) for each in value])
        elif key not in target or target[key] != value:
            target[key] = to_nfc(value) if isinstance(value, str) else value


def _set_list(target: Any, key: str, texts: list[str]) -> None:
    if isinstance(target.get(key), list) and list(target[key]) == texts:
        return
    array: Array = tomlkit.array()
    array.extend(texts)
    array.multiline(len(texts) > 1)
    target[key] = array


def _replace(document: tomlkit.TOMLDocument, key: str, array: AoT, *, is_there: bool) -> None:
    if not len(array):
        if is_there:
            del document[key]
    else:
        document[key] = array


def make_table(values: Row) -> Table:
    """Return a TOML table of the values that say something."""
    table = tomlkit.table()
    _set_keys(table, values)
    return table


def _load(content: bytes) -> dict[str, Any]:
    try:
        schema = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FileUnreadable("form.json") from error
    if not isinstance(schema, dict):
        raise FileUnreadable("form.json")
    return schema


def _components(holder: Mapping[str, Any], depth: int = 0) -> Iterator[dict[str, Any]]:
    children = holder.get("components")
    if not isinstance(children, list) or depth > _DEEPEST:
        return
    for component in children:
        if isinstance(component, dict):
            yield component
            yield from _components(component, depth + 1)
