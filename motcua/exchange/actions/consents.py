"""A grant whose ground is consent lets out the record of a person who has given it, and nobody else's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from motcua.exchange.types import GrantInfo
from motcua.identity.public import find_person_by_personal_id, has_consent
from motcua.registers.public import RegisterInfo


def has_agreed(data: Mapping[str, Any], *, register: RegisterInfo, grant: GrantInfo, now: datetime) -> bool:
    """Tell whether the person whom a record is about agrees now to the grant's purpose. In doubt: no."""
    named = {key.name: key.fields for key in register.keys}.get(register.subject_key, ())
    number = data.get(named[0]) if len(named) == 1 else None
    person = find_person_by_personal_id(number) if isinstance(number, str) else None
    return person is not None and has_consent(person.id, purpose=grant.consent_purpose, at=now)
