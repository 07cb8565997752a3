"""What changed in a decision model: rows of tables as "if … then …", columns, hit policies, other decisions."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from motcua.designer.rules.diff.rows import Row, changed_rows
from motcua.designer.rules.reading import Package
from motcua.designer.types import Change
from motcua.kernel.messages import N_, N_count, join
from motcua.process.dmn import DecisionModel, DecisionModelError, TableInfo, TableRule, parse_decisions

_DRAWN = frozenset({"DMNDI", "extensionElements"})


def diff_decisions(before: Package, after: Package, file: str) -> Iterator[Change]:
    """Yield what changed in one file of decisions."""
    old, new = before.files.get(file), after.files.get(file)
    if old is None or new is None or old == new:
        return
    models = _parse(old), _parse(new)
    if models[0] is None or models[1] is None:
        yield Change("decision", file, N_("bản cũ"), N_("đã sửa, nhưng có bản không đọc được nên không so sánh được"))
        return
    yield from _diff_models(models[0], models[1], file)
    yield from changed_rows("decision", _others(old), _others(new))


def _parse(content: bytes) -> DecisionModel | None:
    try:
        return parse_decisions(content)
    except DecisionModelError:
        return None


def _diff_models(old: DecisionModel, new: DecisionModel, file: str) -> Iterator[Change]:
    before, after = {table.id: table for table in old.tables}, {table.id: table for table in new.tables}
    for key, table in before.items():
        other = after.get(key)
        if other is None:
            yield Change(
                "decision",
                _heading(table),
                _count_rows(table),
                "",
                table.id,
            )
            continue
        if _head(table) != _head(other):
            yield Change("decision", _heading(other), _head(table), _head(other), other.id)
        yield from changed_rows("decision", _rules(table), _rules(other))
        order = [list(_rules(each)) for each in (table, other)]
        kept = [[key for key in keys if key in other_keys] for keys, other_keys in zip(order, order[::-1], strict=True)]
        if kept[0] != kept[1]:
            yield Change("decision", N_("%(table)s: thứ tự dòng", table=_heading(other)), "", N_("đổi"), other.id)
    for key, table in after.items():
        if key not in before:
            yield Change(
                "decision",
                _heading(table),
                "",
                _count_rows(table),
                table.id,
            )


def _count_rows(table: TableInfo) -> str:
    count = len(table.rules)
    return N_count("%(count)s dòng", count, count=count)


def _heading(table: TableInfo) -> str:
    return N_("Bảng quyết định “%(name)s”", name=table.name or table.id)


def _head(table: TableInfo) -> str:
    asked = ", ".join(
        f"{column.label or column.expression}{f' ({column.allowed.text})' if column.allowed else ''}"
        for column in table.inputs
    )
    given = join(
        (
            N_("%(name)s (mặc định %(value)s)", name=column.label or column.name, value=column.default)
            if column.default
            else column.label or column.name
            for column in table.outputs
        ),
        separator=", ",
    )
    policy = " ".join(part for part in (table.hit_policy, table.aggregation) if part)
    return N_("hỏi %(asked)s; cho %(given)s; cách chọn %(policy)s", asked=asked, given=given, policy=policy)


def _rules(table: TableInfo) -> dict[object, Row]:
    found: dict[object, Row] = {}
    for number, rule in enumerate(table.rules, start=1):
        heading = N_("%(table)s, dòng %(key)s", table=_heading(table), key=rule.id or number)
        found[rule.id or number] = Row(heading, say_rule(table, rule), rule.id)
    return found


def say_rule(table: TableInfo, rule: TableRule) -> str:
    """Say a row as people read it: if this and that, then such."""
    asked = [
        f"{column.label or column.expression}: {cell.text}"
        for column, cell in zip(table.inputs, rule.cells, strict=False)
        if cell.kind != "any"
    ]
    given = [
        join((column.label or column.name or N_("kết quả"), text), separator=": ")
        for column, text in zip(table.outputs, rule.outputs, strict=False)
    ]
    notes = [note for note in rule.annotations if note]
    condition: str = N_("mọi trường hợp")
    if asked:
        condition = asked[0]
        for more in asked[1:]:
            condition = N_("%(first)s và %(second)s", first=condition, second=more)
    text = N_("nếu %(condition)s thì %(result)s", condition=condition, result=join(given))
    return N_("%(text)s (%(note)s)", text=text, note="; ".join(notes)) if notes else text


def _others(content: bytes) -> dict[object, Row]:
    """Return the parts of a model that are no table: their texts, by the decision that they stand in."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    found: dict[object, Row] = {}
    for node in etree.fromstring(content, parser).iterchildren(etree.Element):
        name = etree.QName(node).localname
        if name in _DRAWN:
            continue
        texts = [text.strip() for text in _texts(node) if text.strip()]
        title = node.get("name") or node.get("id") or name
        found[name, node.get("id") or title] = Row(
            N_("Phần “%(title)s”", title=title), "; ".join(texts), node.get("id", "")
        )
    return found


def _texts(node: etree._Element) -> Iterator[str]:
    for child in node.iterchildren(etree.Element):
        name = etree.QName(child).localname
        if name in _DRAWN or name == "decisionTable":
            continue
        if name.startswith("required"):
            yield f"{name}: {child.get('href', '')}"
        elif name in ("variable", "formalParameter", "parameter", "itemComponent"):
            yield f"{child.get('name', '')}: {child.get('typeRef', '')}"
        if child.text and child.text.strip():
            yield child.text
        yield from _texts(child)
