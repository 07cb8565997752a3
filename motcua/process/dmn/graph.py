"""The requirements of a model's elements, resolved: who needs whom, in which model, and where that goes round.

Source: OMG DMN 1.5, 6.2.1 and 6.3 (requirements), 6.3.3 (import).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from motcua.kernel.messages import N_
from motcua.process.dmn import nodes
from motcua.process.types import Problem


@dataclass(frozen=True, slots=True)
class Need:
    """One required element: the name of the import it comes through (None: this model), the element."""

    prefix: str | None
    element: nodes.Element
    name: str  # of its variable


def need_of(prefix: str | None, element: nodes.Element) -> Need:
    """Make the requirement of an element."""
    return Need(prefix, element, element.variable.name)


Find = Callable[[nodes.Reference], Need | None]


class Graph:
    """All requirements of one model; `problems` names the references that lead nowhere and the cycles."""

    def __init__(
        self,
        definitions: nodes.Definitions,
        imported: Mapping[str, Mapping[str, nodes.Element]],
        prefixes: Mapping[str, str],
    ) -> None:
        self.elements: dict[str, nodes.Element] = {}
        for element in definitions.elements:
            self.elements.setdefault(element.id, element)
        self._imported = imported
        self._prefixes = prefixes
        self.problems: list[Problem] = []
        self.needs: dict[str, tuple[Need, ...]] = {}
        for element in definitions.elements:
            self.needs[element.id] = tuple(self._needs_of(element))
        self.looping = self._find_loops()

    def find(self, reference: nodes.Reference) -> Need | None:
        """Return the element that a reference leads to."""
        namespace, identity = reference
        if not namespace:
            element = self.elements.get(identity)
            return None if element is None else need_of(None, element)
        prefix = self._prefixes.get(namespace)
        element = self._imported.get(namespace, {}).get(identity)
        return None if element is None or prefix is None else need_of(prefix, element)

    def resolve_all(self, owner: nodes.Element, references: Iterable[nodes.Reference]) -> list[Need]:
        """Resolve references; one that leads nowhere is a problem of its owner."""
        found = []
        for reference in references:
            need = self.find(reference)
            if need is None:
                href = "#".join(reference)
                text = N_("“%(name)s” cần phần tử “%(href)s” không có trong mô hình.", name=owner.name, href=href)
                self.problems.append(Problem(owner.id, "unknown_reference", text))
            else:
                found.append(need)
        return found

    def _needs_of(self, element: nodes.Element) -> list[Need]:
        match element:
            case nodes.Decision():
                return self.resolve_all(element, (*element.inputs, *element.decisions, *element.knowledge))
            case nodes.Knowledge():
                return self.resolve_all(element, element.knowledge)
            case nodes.Service():
                parts = (*element.outputs, *element.encapsulated, *element.decisions, *element.inputs)
                return self.resolve_all(element, parts)
        return []

    def required_decisions(self, identity: str) -> tuple[nodes.Decision, ...]:
        """Return the decisions of this model that a decision needs."""
        return tuple(
            need.element
            for need in self.needs.get(identity, ())
            if need.prefix is None and isinstance(need.element, nodes.Decision)
        )

    def _find_loops(self) -> frozenset[str]:
        """Return the decisions that need themselves, by way of others or not; each is a problem."""
        open_: dict[str, int] = {}
        ready: list[str] = []
        users: dict[str, list[str]] = {}
        for identity, element in self.elements.items():
            if isinstance(element, nodes.Decision):
                required = self.required_decisions(identity)
                open_[identity] = len(required)
                for need in required:
                    users.setdefault(need.id, []).append(identity)
                if not required:
                    ready.append(identity)
        while ready:
            for user in users.get(ready.pop(), ()):
                open_[user] -= 1
                if open_[user] == 0:
                    ready.append(user)
        stuck = frozenset(identity for identity, count in open_.items() if count > 0)
        for identity in sorted(stuck):
            name = self.elements[identity].name
            text = N_("Quyết định “%(name)s” nằm trong hoặc dựa vào một vòng lặp yêu cầu; hãy bỏ vòng.", name=name)
            self.problems.append(Problem(identity, "requirement_cycle", text))
        return stuck
