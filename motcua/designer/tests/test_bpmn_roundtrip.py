"""The command that shows that drawings come back unharmed."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from motcua.process.bpmn.document import canonical
from motcua.process.tests import drawings as d

GIVEN = Path(__file__).resolve().parents[4] / "shared" / "real" / "bpmn"


@pytest.mark.shared
@pytest.mark.skipif(not GIVEN.exists(), reason="the given models are extra")
def test_the_given_models_come_back() -> None:
    said = StringIO()
    call_command("bpmn_roundtrip", str(GIVEN), stdout=said)
    assert "6/6 bằng nhau" in said.getvalue()


def test_the_command_names_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "a.bpmn").write_bytes(d.one_stop())
    (tmp_path / "b.bpmn").write_text("<x/>")
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("bpmn_roundtrip", str(tmp_path), "--out", str(tmp_path / "out"), stdout=said)
    assert "bằng nhau  a.bpmn" in said.getvalue()
    assert "KHÁC NHAU  b.bpmn" in said.getvalue()
    assert canonical((tmp_path / "out" / "a.bpmn").read_bytes()) == canonical(d.one_stop())
