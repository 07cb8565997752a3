"""Deployed processes: found by key, read once, kept parsed."""

from __future__ import annotations

from functools import lru_cache

from motcua.cases.models import ProcessVersion
from motcua.cases.types import ProcessVersionInfo, ProcessVersionUnknown
from motcua.process.public import ProcessDefinition, parse_process


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


def get_process_definition(process_version_id: int) -> ProcessDefinition:
    """Return the checked definition; a deployed text never changes, so it is read and parsed once a process.

    Raises: ProcessVersionUnknown.
    """
    return _parse_text(*_load_text(process_version_id))


def get_process_xml(process_version_id: int) -> str:
    """Return the BPMN text as deployed. Raises: ProcessVersionUnknown."""
    return _load_text(process_version_id)[1]


@lru_cache(maxsize=2048)
def _load_text(process_version_id: int) -> tuple[str, str]:
    row = ProcessVersion.objects.filter(pk=process_version_id).values_list("sha256", "bpmn_xml").first()
    if row is None:
        raise ProcessVersionUnknown
    return row


@lru_cache(maxsize=512)
def _parse_text(sha256: str, xml: str) -> ProcessDefinition:
    return parse_process(xml.encode())
