"""From files to a decision model with its imports. Source: OMG DMN 1.5, 6.3.3 (import)."""

from __future__ import annotations

from collections.abc import Mapping

from motcua.kernel.messages import N_
from motcua.process.dmn import nodes
from motcua.process.dmn.model import DecisionModel
from motcua.process.dmn.reading import read_definitions
from motcua.process.dmn.types import DecisionModelError
from motcua.process.types import Problem

MAX_IMPORTS = 100


def parse_decisions(xml: bytes, *, imports: Mapping[str, bytes] | None = None) -> DecisionModel:
    """Read a decision model and those it imports (`imports`: files by any name, found by their namespace).

    Raises: DecisionModelError with everything that is wrong.
    """
    model = load_model(xml, imports=imports)
    problems = model.problems
    if problems:
        raise DecisionModelError(problems)
    return model


def load_model(xml: bytes, *, imports: Mapping[str, bytes] | None = None) -> DecisionModel:
    """Read a model that may have faulty parts: these give null with an issue, the others work.

    Raises: DecisionModelError when the file itself cannot be read.
    """
    others: dict[str, nodes.Definitions] = {}
    for other in list((imports or {}).values())[:MAX_IMPORTS]:
        try:
            read = read_definitions(other)
        except DecisionModelError:
            continue  # whoever imports it will miss it by name
        others.setdefault(read.namespace, read)
    return _Loader(others).build(read_definitions(xml), ())


class _Loader:
    def __init__(self, others: Mapping[str, nodes.Definitions]) -> None:
        self._others = others
        self._built: dict[str, DecisionModel] = {}

    def build(self, definitions: nodes.Definitions, path: tuple[str, ...]) -> DecisionModel:
        """Build a model after those it imports; `path` are the namespaces that are being built."""
        path = (*path, definitions.namespace)
        imported: dict[str, DecisionModel] = {}
        problems: list[Problem] = []
        for item in definitions.imports:
            fault = self._fault(item, path, imported)
            if fault is not None:
                problems.append(Problem(item.id or item.name, *fault))
                continue
            if item.namespace not in self._built:
                self._built[item.namespace] = self.build(self._others[item.namespace], path)
            imported[item.name] = self._built[item.namespace]
        return DecisionModel(definitions, imported, tuple(problems))

    def _fault(
        self, item: nodes.Import, path: tuple[str, ...], imported: Mapping[str, DecisionModel]
    ) -> tuple[str, str] | None:
        if item.kind != "dmn":
            text = N_("Không nhập được tệp kiểu “%(kind)s”; chỉ nhập được mô hình DMN.", kind=item.kind)
            return "import_kind", text
        if item.namespace in path:
            return "import_cycle", N_("Mô hình “%(name)s” nhập vòng lại chính nó; hãy bỏ vòng.", name=item.name)
        if item.namespace not in self._others:
            text = N_("Thiếu mô hình được nhập “%(name)s” (%(uri)s).", name=item.name, uri=item.namespace)
            return "import_missing", text
        if item.name in imported:
            return "import_name", N_("Hai mô hình được nhập cùng tên “%(name)s”; hãy đổi tên.", name=item.name)
        return None
