"""A drawing written back is the drawing that was read; an edit changes one thing and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.process.bpmn.document import canonical, read_document, write_document
from motcua.process.bpmn.edit import set_name, set_property, set_role, set_share_minutes, set_waiting_time
from motcua.process.public import ProcessDefinitionError, parse_process
from motcua.process.tests import drawings as d

DESIGNED = Path(__file__).resolve().parents[2] / "procedures" / "designed"
VENDOR = (
    "<!-- trước --><?tool keep?>"
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:v="urn:vendor" id="d" targetNamespace="t" '
    'v:colour="đỏ" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI">\n'
    ' <process id="p" v:x="1"><!-- giữa --><documentation><![CDATA[a < b & c]]></documentation>'
    '<startEvent id="s" name="a&#10;b"><extensionElements><v:deep><v:er a=\'"\'>  giữ nguyên  </v:er> chữ </v:deep>'
    '</extensionElements></startEvent><userTask id="u"/></process>\n'
    ' <bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="pl" bpmnElement="p"><bpmndi:BPMNShape id="sh" bpmnElement="s" '
    'v:fill="#fff"/></bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions><!-- sau -->'
)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("UTF-8", "utf-8"), ("UTF-8", "utf-8-sig"), ("ISO-8859-1", "iso-8859-1"), ("UTF-16", "utf-16"),
     ("windows-1252", "cp1252"), ("windows-1258", "cp1258"), ("", "utf-8")],
)  # fmt: skip
def test_everything_comes_back_in_every_encoding(declared: str, encoding: str) -> None:
    body = VENDOR if encoding.startswith("utf") else VENDOR.encode("ascii", "ignore").decode()
    head = f'<?xml version="1.0" encoding="{declared}" standalone="yes"?>' if declared else ""
    xml = (head + body).encode(encoding)
    written = write_document(read_document(xml))
    assert canonical(written) == canonical(xml)
    text = written.decode(encoding)
    assert "<![CDATA[a < b & c]]>" in text
    assert "<?tool keep?>" in text
    assert 'name="a&#10;b"' in text
    assert ("giữ nguyên" in text) == encoding.startswith("utf")
    assert text.startswith(head)


def test_the_comparison_sees_what_counts_and_only_that() -> None:
    base = canonical(VENDOR.encode())
    assert canonical(VENDOR.replace("\n", "\n\n   ").encode()) == base
    for old, new in (
        ("a='\"'", "a='x'"), ("<!-- giữa -->", ""), ("#fff", "#ffe"), ("giữ nguyên", "giữ  nguyên"), (" chữ ", " chu "),
        ('<userTask id="u"/>', ""), ('v:x="1"', ""), ("<?tool keep?>", ""),
    ):  # fmt: skip
        assert canonical(VENDOR.replace(old, new).encode()) != base, old


def test_the_document_knows_its_things_and_their_pictures() -> None:
    things = {thing.id: thing for thing in read_document(VENDOR.encode()).things()}
    assert (things["s"].kind, things["s"].parent, things["s"].is_drawn) == ("startEvent", "p", True)
    assert (things["u"].is_drawn, things["p"].is_drawn) == (False, True)


@pytest.mark.parametrize("path", sorted(DESIGNED.glob("*/process.bpmn")), ids=lambda path: path.parent.name)
def test_our_own_drawings_come_back(path: Path) -> None:
    xml = path.read_bytes()
    assert canonical(write_document(read_document(xml))) == canonical(xml)


def test_each_edit_changes_its_one_thing() -> None:
    document = read_document(d.one_stop())
    set_name(document, "receive", "  Tiếp nhận   hồ sơ ")
    set_role(document, "receive", "leader")
    set_property(document, "appraise", "result_fields", "x|y")
    set_share_minutes(document, "receive", 240)
    set_waiting_time(document, "too_late", "P20D")
    set_property(document, "approved", "outcome", "")
    set_property(document, "hurried", "note", "mới")
    definition = parse_process(write_document(document))
    receive = definition.get_element("receive")
    assert (receive.name, receive.role, receive.share_minutes, receive.share_workdays) == (
        "Tiếp nhận hồ sơ", "leader", 240, None,
    )  # fmt: skip
    timer = definition.get_element("too_late").timer
    assert timer is not None
    assert timer.value == "P20D"
    assert definition.get_element("appraise").properties["result_fields"] == "x|y"
    assert definition.get_element("approved").outcome == ""
    assert definition.get_element("hurried").properties == {"note": "mới"}
    untouched = {"received", "decided", "withdraw_receive", "prepare"}
    before = parse_process(d.one_stop())
    assert all(definition.get_element(name) == before.get_element(name) for name in untouched)


def test_an_edit_keeps_to_the_tool_of_the_file() -> None:
    older = VENDOR.replace("xmlns:v=", 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:v=')
    document = read_document(older.encode())
    set_role(document, "u", "leader")
    set_property(document, "u", "stage", "in_progress")
    written = write_document(document).decode()
    assert 'camunda:candidateGroups="leader"' in written
    assert '<camunda:property name="stage" value="in_progress"/>' in written
    assert "zeebe" not in written


@pytest.mark.parametrize(
    "edit",
    [
        lambda document: set_name(document, "nowhere", "x"),
        lambda document: set_name(document, "receive", "\x00"),
        lambda document: set_name(document, "receive", "x" * 5_000),
        lambda document: set_share_minutes(document, "receive", 0),
        lambda document: set_waiting_time(document, "too_late", "mai"),
        lambda document: set_waiting_time(document, "receive", "P1D"),
        lambda document: set_role(document, "start", "leader"),
    ],
)
def test_a_wrong_edit_is_refused_and_changes_nothing(edit: object) -> None:
    document = read_document(d.one_stop())
    with pytest.raises(ProcessDefinitionError):
        edit(document)  # type: ignore[operator]  # the list holds functions of one shape
    assert canonical(write_document(document)) == canonical(d.one_stop())


@pytest.mark.slow
@given(st.data())
def test_a_damaged_document_is_read_or_refused(data: st.DataObject) -> None:
    xml = VENDOR.encode()
    start, size = data.draw(st.integers(0, len(xml))), data.draw(st.integers(0, 60))
    damaged = xml[:start] + data.draw(st.binary(max_size=5)) + xml[start + size :]
    try:
        document = read_document(damaged)
    except ProcessDefinitionError as error:
        assert error.problems
    else:
        assert canonical(write_document(document)) == canonical(damaged)
