"""The face of the process library: BPMN processes, their expressions, and forms. No Django, no database."""

from motcua.process.bpmn import parse_process, parse_processes
from motcua.process.durations import Duration, parse_duration
from motcua.process.engine import advance, can_receive, open_elements, open_events, start
from motcua.process.feel import Expression, FeelError, compile_expression, evaluate_condition
from motcua.process.forms.answers import date_parts
from motcua.process.forms.clean import (
    check_answer,
    check_form,
    clean_page,
    judge_form,
    visible_data,
    visible_fields,
    visible_pages,
)
from motcua.process.forms.generic import PaperSpec, make_generic_form
from motcua.process.forms.paths import merge_answers, put_answers, read_answer_at, root_of
from motcua.process.forms.portable import portable_rules
from motcua.process.forms.rows import change_rows
from motcua.process.forms.schema import parse_form
from motcua.process.forms.schema_json import json_schema
from motcua.process.forms.shown import place_fields, with_defaults
from motcua.process.forms.summary import show_value, summarise
from motcua.process.forms.types import (
    Choices,
    CleanResult,
    Field,
    FieldError,
    Files,
    Form,
    FormDefinitionError,
    FormPage,
    FormVerdict,
    Option,
    SummaryPage,
    SummaryRow,
    SummaryTable,
    UnknownPageError,
)

# One name a line would not fit on a screen.
# isort: off
# fmt: off
from motcua.process.types import (
    AwaitMessage, AwaitSignal, BroadcastSignal, CancelMessage, CancelService, CancelSignal, CancelTask, CancelTimer,
    Command, ComputationFailed, CreateTask, DecisionCompleted, Element, EndCase, EnterStage, ErrorThrown,
    EscalationRaised, Flow, MessageNotExpectedError, MessageReceived, MigrationRefused, OpenElement,
    OutcomeNotOfferedError, Problem, ProcessDefinition, ProcessDefinitionError, ProcessEvent, ProcessStepError,
    ProcessStuckError, RunDecision, RunService, ScheduleTimer, SendMessage, ServiceCompleted, SignalReceived, Step,
    TaskCompleted, TimerFired, UncaughtErrorError, UnknownTokenError, VariablesChanged,
)
# fmt: on
# isort: on

__all__ = [
    "AwaitMessage", "AwaitSignal", "BroadcastSignal", "CancelMessage", "CancelService", "CancelSignal",
    "CancelTask", "CancelTimer", "Choices", "CleanResult", "Command", "ComputationFailed", "CreateTask",
    "DecisionCompleted", "Duration", "Element", "EndCase", "EnterStage", "ErrorThrown", "EscalationRaised",
    "Expression", "FeelError", "Field", "FieldError", "Files", "Flow", "Form", "FormDefinitionError", "FormPage",
    "FormVerdict", "MessageNotExpectedError", "MessageReceived", "MigrationRefused", "OpenElement", "Option",
    "OutcomeNotOfferedError", "PaperSpec", "Problem", "ProcessDefinition", "ProcessDefinitionError", "ProcessEvent",
    "ProcessStepError", "ProcessStuckError", "RunDecision", "RunService", "ScheduleTimer", "SendMessage",
    "ServiceCompleted", "SignalReceived", "Step", "SummaryPage", "SummaryRow", "SummaryTable", "TaskCompleted",
    "TimerFired", "UncaughtErrorError", "UnknownPageError", "UnknownTokenError", "VariablesChanged", "advance",
    "can_receive", "change_rows", "check_answer", "check_form", "clean_page", "compile_expression", "date_parts",
    "evaluate_condition", "json_schema", "judge_form", "make_generic_form", "merge_answers", "open_elements",
    "open_events", "parse_duration", "parse_form", "parse_process", "parse_processes", "place_fields",
    "portable_rules", "put_answers", "read_answer_at", "root_of", "show_value", "start", "summarise",
    "visible_data", "visible_fields", "visible_pages", "with_defaults",
]  # fmt: skip
