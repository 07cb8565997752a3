"""Does a written rule of migration cover every place where a running case may wait? Asked before it touches a case.

Shape of migrations/<name>.toml: process, from_version, to_version, condition (FEEL, optional), [elements] old = "new".
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from motcua.designer.rules.reading import PROCESS, read_package
from motcua.designer.types import Finding, PackageFiles
from motcua.kernel.messages import N_
from motcua.process.feel import FeelError, compile_expression
from motcua.process.soundness.net import WAITING
from motcua.process.types import Element, ProcessDefinition

_HOLDING = frozenset({"parallel", "inclusive"})  # joins keep what has arrived
_PLACES = WAITING | {"event_subprocess", "send"}


def check_migrations(old: PackageFiles, new: PackageFiles) -> tuple[Finding, ...]:
    """Check every rule of the new package against the version that it moves cases away from."""
    before, after = read_package(old).definition, read_package(new).definition
    rules = {name: new[name] for name in sorted(new) if name.startswith("migrations/")}
    if before is None or after is None:
        return tuple(
            _find(name, "", "migration_unchecked", N_("Chưa kiểm tra được vì một bản vẽ còn lỗi.")) for name in rules
        )
    return tuple(found for name, text in rules.items() for found in _check_file(name, text, before, after))


def check_element_map(
    old: ProcessDefinition, new: ProcessDefinition, element_map: Mapping[str, str], *, file: str = PROCESS
) -> tuple[Finding, ...]:
    """Find the waiting places of the old drawing that the map leaves without a place of the same kind in the new."""
    return tuple(_check_map(old, new, element_map, file))


def _find(file: str, element_id: str, code: str, message: str) -> Finding:
    return Finding("process", file, element_id, code, "error", message)


def _check_file(name: str, text: bytes, old: ProcessDefinition, new: ProcessDefinition) -> Iterator[Finding]:
    try:
        rule = tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        message = N_("Không đọc được quy tắc chuyển (%(problem)s). Hãy sửa chỗ đó.", problem=str(problem)[:200])
        yield _find(name, "", "migration_unreadable", message)
        return
    elements: Any = rule.get("elements", {})
    if not isinstance(elements, dict) or not all(isinstance(target, str) for target in elements.values()):
        yield _find(name, "", "migration_unreadable", N_("[elements] phải là các dòng: mã bước cũ = mã bước mới."))
        return
    condition = rule.get("condition", "")
    if condition:
        try:
            compile_expression(str(condition))
        except FeelError as problem:
            message = N_("Điều kiện của quy tắc chuyển sai: %(problem)s", problem=str(problem))
            yield _find(name, "", "migration_condition", message)
    yield from _check_map(old, new, elements, name)


def _check_map(
    old: ProcessDefinition, new: ProcessDefinition, element_map: Mapping[str, str], file: str
) -> Iterator[Finding]:
    flows = {flow.id for flow in (*old.flows, *new.flows)}
    for source, target in element_map.items():
        if source not in old.by_id and source not in flows:
            message = N_("Quy tắc chuyển nêu “%(id)s” mà bản cũ không có. Hãy bỏ dòng này.", id=source)
            yield _find(file, source, "migration_source_unknown", message)
        elif target not in new.by_id and target not in flows:
            message = N_("Quy tắc chuyển dẫn tới “%(id)s” mà bản mới không có. Hãy sửa mã.", id=target)
            yield _find(file, source, "migration_target_unknown", message)
    for element in old.elements:
        if element.kind in _PLACES:
            yield from _check_place(element, new, element_map, file)
        elif element.kind in _HOLDING and len(old.incoming.get(element.id, ())) > 1:
            yield from _check_join(element, old, new, element_map, file)


def _target(element: Element, new: ProcessDefinition, element_map: Mapping[str, str]) -> Element | None:
    return new.by_id.get(element_map.get(element.id, element.id))


def _check_place(
    element: Element, new: ProcessDefinition, element_map: Mapping[str, str], file: str
) -> Iterator[Finding]:
    target, name = _target(element, new, element_map), element.name or element.id
    if target is None:
        message = N_(
            "Hồ sơ đang chờ ở “%(name)s” không có chỗ ở bản mới. Hãy thêm vào [elements]: %(id)s = mã bước mới.",
            name=name,
            id=element.id,
        )
        yield _find(file, element.id, "migration_uncovered", message)
    elif target.kind != element.kind:
        message = N_(
            "“%(name)s” chuyển sang “%(target)s” khác loại. Hãy chọn một bước cùng loại ở bản mới.",
            name=name,
            target=target.name or target.id,
        )
        yield _find(file, element.id, "migration_other_kind", message)
    elif target.parent != element_map.get(element.parent, element.parent):
        message = N_(
            "“%(name)s” chuyển sang “%(target)s” nằm ở quy trình con khác. Hãy chuyển cả quy trình con đó.",
            name=name,
            target=target.name or target.id,
        )
        yield _find(file, element.id, "migration_other_scope", message)
    elif (element.loop and element.loop.form) != (target.loop and target.loop.form) or element.called != target.called:
        message = N_(
            "“%(name)s” và “%(target)s” lặp khác nhau hoặc gọi quy trình khác nhau. Hồ sơ đang ở đó không chuyển được.",
            name=name,
            target=target.name or target.id,
        )
        yield _find(file, element.id, "migration_other_shape", message)


def _check_join(
    element: Element, old: ProcessDefinition, new: ProcessDefinition, element_map: Mapping[str, str], file: str
) -> Iterator[Finding]:
    """A join may hold branches that have arrived: its flows must come along."""
    target = _target(element, new, element_map)
    wanted = {element_map.get(flow.id, flow.id) for flow in old.incoming.get(element.id, ())}
    known = set() if target is None else {flow.id for flow in new.incoming.get(target.id, ())}
    if target is None or target.kind != element.kind or not wanted <= known:
        message = N_(
            "Cổng “%(name)s” có thể đang giữ nhánh đã tới mà bản mới không có. Hãy ghi cổng và các mũi tên vào nó.",
            name=element.name or element.id,
        )
        yield _find(file, element.id, "migration_join", message)
