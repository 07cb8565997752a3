"""A sentence keeps its values through translation, and is plain Vietnamese for everybody who asks no more."""

from __future__ import annotations

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.kernel.messages import N_, Message, say

ENGLISH = {
    "%(who)s đã nhận lúc %(at)s.": "%(who)s took it at %(at)s.",
    "%(time)s ngày %(date)s": "%(time)s on %(date)s",
}


def to_english(text: str) -> str:
    return ENGLISH.get(text, text)


def test_a_message_is_its_vietnamese_sentence() -> None:
    message = N_("%(who)s đã nhận lúc %(at)s.", who="Lan", at="8:00")
    assert message == "Lan đã nhận lúc 8:00."
    assert json.dumps({"m": message}, ensure_ascii=False) == '{"m": "Lan đã nhận lúc 8:00."}'
    assert say(message, translate=to_english) == "Lan took it at 8:00."


def test_values_that_are_messages_are_said_too() -> None:
    at = N_("%(time)s ngày %(date)s", time="8:00", date="23/11/2026")
    assert say(N_("%(who)s đã nhận lúc %(at)s.", who="Lan", at=at), translate=to_english) == (
        "Lan took it at 8:00 on 23/11/2026."
    )


def test_a_percent_sign_without_values_stays() -> None:
    assert say(N_("Đã xong 50%"), translate=to_english) == "Đã xong 50%"
    assert say("", translate=lambda text: "the header of the catalogue") == ""


@pytest.mark.slow
@given(st.text(), st.dictionaries(st.sampled_from(["a", "b"]), st.text(), min_size=2))
def test_values_survive_whatever_they_hold(extra: str, values: dict[str, str]) -> None:
    message = Message("%(a)s|%(b)s", values)
    assert message == f"{values['a']}|{values['b']}"
    assert say(message, translate=lambda text: text + extra.replace("%", "")) == message + extra.replace("%", "")
    for twin in (pickle.loads(pickle.dumps(message)), copy.deepcopy(message)):
        assert twin == message
        assert twin.template == message.template
