"""Deployed processes: found by key, read once, kept compiled with their decisions and the processes they call."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from motcua.cases.models import CalledVersion, DecisionText, ProcessVersion
from motcua.cases.types import ProcessVersionInfo, ProcessVersionUnknown
from motcua.kernel.clock import HCM
from motcua.kernel.messages import N_
from motcua.process.dmn import DecisionModel, parse_decisions
from motcua.process.feel.values import to_plain, to_value
from motcua.process.public import ComputationFailed, ProcessDefinition, parse_process


def to_process_info(row: ProcessVersion) -> ProcessVersionInfo:
    """Turn the row into what neighbours may hold."""
    return ProcessVersionInfo(
        id=row.pk, uuid=row.uuid, key=row.key, version=row.version, sha256=row.sha256, deployed_at=row.deployed_at
    )


def find_process_version(key: str, *, version: int | None = None) -> ProcessVersionInfo | None:
    """Return the named version of a process, or its newest."""
    rows = ProcessVersion.objects.defer("bpmn_xml").filter(key=key)
    row = (rows.filter(version=version) if version is not None else rows).order_by("-version").first()
    return to_process_info(row) if row else None


@dataclass(frozen=True, slots=True)
class Compiled:
    """A process version ready to run: its drawing, the processes it calls, and its decisions."""

    definition: ProcessDefinition
    library: Mapping[str, ProcessDefinition] = field(default_factory=dict)
    models: tuple[DecisionModel, ...] = ()
    has_signals: bool = False

    def decide_at(self, now: datetime) -> Callable[[str, Mapping[str, Any]], Any]:
        """Return the function that answers decisions; `today()` in them is the day of `now`."""
        return lambda decision, inputs: self.decide(decision, inputs, now=now)

    def decide(self, decision: str, inputs: Mapping[str, Any], *, now: datetime) -> Any:
        """Answer a decision as JSON data. Raises: ComputationFailed when it cannot be computed."""
        model = find_model(self.models, decision)
        if model is None:
            raise ComputationFailed(decision, N_("phiên bản quy trình này không có bảng quyết định đó."))
        result = model.evaluate(
            decision, {name: to_value(value) for name, value in inputs.items()}, now=now.astimezone(HCM)
        )
        if result.value is None and result.issues:
            raise ComputationFailed(decision, result.issues[0].message_vi)
        return to_plain(result.value)


def find_model(models: Iterable[DecisionModel], decision: str) -> DecisionModel | None:
    """Return the model that holds a decision, by its id or name."""
    return next((one for one in models if any(decision in (info.id, info.name) for info in one.decisions)), None)


def widen(definition: ProcessDefinition, models: Iterable[DecisionModel]) -> ProcessDefinition:
    """Let a process keep the variables that its decisions read."""
    if not definition.decisions:
        return definition
    read = {(info.name,) for model in models for info in model.inputs}
    return dataclasses.replace(definition, paths=definition.paths | read)


def get_process_definition(process_version_id: int) -> ProcessDefinition:
    """Return the checked definition; a deployed text never changes, so it is read and parsed once a process.

    Raises: ProcessVersionUnknown.
    """
    return get_compiled(process_version_id).definition


def get_process_definitions(process_version_ids: Iterable[int]) -> dict[int, ProcessDefinition]:
    """Return many definitions in one query, each parsed once a process; unknown ids are left out."""
    rows = ProcessVersion.objects.filter(pk__in=list(process_version_ids)).values_list("pk", "sha256", "bpmn_xml")
    found = {pk: _parse_text(sha256, xml) for pk, sha256, xml in rows}
    return {pk: get_compiled(pk).definition if definition.decisions else definition for pk, definition in found.items()}


@lru_cache(maxsize=2048)
def get_compiled(process_version_id: int) -> Compiled:
    """Return a version ready to run; called processes come in the versions frozen at its deployment.

    Raises: ProcessVersionUnknown.
    """
    definition = _parse_text(*_load_text(process_version_id))
    models: tuple[DecisionModel, ...] = ()
    library: dict[str, ProcessDefinition] = {}
    if definition.decisions:
        models = load_models(process_version_id)
    if definition.called_processes:
        pins = CalledVersion.objects.filter(process_version=process_version_id).order_by("key")
        for key, pinned in pins.values_list("key", "called_version"):
            called = get_compiled(pinned)
            library |= {**called.library, key: called.definition}
            models += called.models
    drawings = (definition, *library.values())
    has_signals = any(element.event == "signal" for drawing in drawings for element in drawing.elements)
    return Compiled(widen(definition, models), library, models, has_signals)


def load_models(process_version_id: int) -> tuple[DecisionModel, ...]:
    """Return the compiled decisions of a version."""
    texts = DecisionText.objects.filter(process_version=process_version_id).order_by("name")
    return parse_models({row.name: row.dmn_xml.encode() for row in texts})


def parse_models(texts: Mapping[str, bytes]) -> tuple[DecisionModel, ...]:
    """Compile decision texts, each of which may import the others. Raises: DecisionModelError."""
    return tuple(
        parse_decisions(xml, imports={other: held for other, held in texts.items() if other != name})
        for name, xml in sorted(texts.items())
    )


def get_decision_texts(process_version_id: int) -> dict[str, bytes]:
    """Return the decision texts of a version, as deployed."""
    rows = DecisionText.objects.filter(process_version=process_version_id).order_by("name")
    return {row.name: row.dmn_xml.encode() for row in rows}


def get_process_xml(process_version_id: int) -> str:
    """Return the BPMN text as deployed. Raises: ProcessVersionUnknown."""
    return _load_text(process_version_id)[1]


def forget_all() -> None:
    """Forget every compiled process, as after a restart."""
    for cached in (get_compiled, _load_text, _parse_text):
        cached.cache_clear()


@lru_cache(maxsize=2048)
def _load_text(process_version_id: int) -> tuple[str, str]:
    row = ProcessVersion.objects.filter(pk=process_version_id).values_list("sha256", "bpmn_xml").first()
    if row is None:
        raise ProcessVersionUnknown
    return row


@lru_cache(maxsize=2048)
def _parse_text(sha256: str, xml: str) -> ProcessDefinition:
    return parse_process(xml.encode())
