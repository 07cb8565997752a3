"""The list of who takes part, as the metadata protocol writes it: JSON when that is asked for, XML otherwise.

Source: X-Road Service Metadata Protocol (PR-META), 2; annexes A, B and C.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import orjson

from motcua.exchange.types import ClientId

_OPEN = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<ns2:clientList xmlns:ns1="http://x-road.eu/xsd/identifiers" xmlns:ns2="http://x-road.eu/xsd/xroad.xsd">'
)


class Listed(NamedTuple):
    """One who takes part: a member, or a subsystem of one."""

    id: ClientId
    name: str
    subsystem_name: str


def list_all(subsystems: Sequence[tuple[ClientId, str]]) -> list[Listed]:
    """Return each member once, then its subsystems, from those that joined."""
    members: dict[ClientId, str] = {}
    for each, name in subsystems:
        member = ClientId(each.instance, each.member_class, each.member_code)
        if not each.subsystem_code or member not in members:
            members[member] = name
    listed = [Listed(member, name, "") for member, name in members.items()]
    for each, name in subsystems:
        if each.subsystem_code:
            member = ClientId(each.instance, each.member_class, each.member_code)
            listed.append(Listed(each, members[member], name))
    return sorted(listed, key=lambda one: one.id.parts)


def write_json(listed: Sequence[Listed]) -> bytes:
    return orjson.dumps({"member": [_to_object(each) for each in listed]})


def write_xml(listed: Sequence[Listed]) -> bytes:
    return (_OPEN + "".join(_to_element(each) for each in listed) + "</ns2:clientList>").encode()


def _to_object(each: Listed) -> dict[str, object]:
    who: dict[str, str] = {
        "object_type": "SUBSYSTEM" if each.id.subsystem_code else "MEMBER",
        "xroad_instance": each.id.instance,
        "member_class": each.id.member_class,
        "member_code": each.id.member_code,
    }
    told: dict[str, object] = {"id": who, "name": each.name}
    if each.id.subsystem_code:
        who["subsystem_code"] = each.id.subsystem_code
        told["subsystem_name"] = each.subsystem_name
    return told


def _to_element(each: Listed) -> str:
    names = ("xRoadInstance", "memberClass", "memberCode", "subsystemCode")
    parts = "".join(
        f"<ns1:{name}>{escape(text)}</ns1:{name}>" for name, text in zip(names, each.id.parts, strict=False)
    )
    kind = "SUBSYSTEM" if each.id.subsystem_code else "MEMBER"
    told = f"<ns2:name>{escape(each.name)}</ns2:name>"
    if each.id.subsystem_code:
        told += f"<ns2:subsystemName>{escape(each.subsystem_name)}</ns2:subsystemName>"
    return f'<ns2:member><ns2:id ns1:objectType="{kind}">{parts}</ns2:id>{told}</ns2:member>'
