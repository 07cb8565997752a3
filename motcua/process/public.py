"""The face of the process library: BPMN processes, their expressions, and forms. No Django, no database."""

from motcua.process.bpmn import parse_process
from motcua.process.durations import Duration, parse_duration
from motcua.process.engine import advance, can_receive, open_elements, start
from motcua.process.feel import Expression, FeelError, compile_expression, evaluate_condition
from motcua.process.forms.answers import date_parts
from motcua.process.forms.clean import check_form, clean_page, visible_data, visible_fields, visible_pages
from motcua.process.forms.generic import PaperSpec, make_generic_form
from motcua.process.forms.schema import parse_form
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
    Option,
    SummaryPage,
    SummaryRow,
    UnknownPageError,
)
from motcua.process.types import (
    AwaitMessage,
    CancelMessage,
    CancelService,
    CancelTask,
    CancelTimer,
    Command,
    CreateTask,
    Element,
    EndCase,
    EnterStage,
    Flow,
    MessageNotExpectedError,
    MessageReceived,
    OpenElement,
    OutcomeNotOfferedError,
    Problem,
    ProcessDefinition,
    ProcessDefinitionError,
    ProcessEvent,
    ProcessStepError,
    ProcessStuckError,
    RunService,
    ScheduleTimer,
    ServiceCompleted,
    Step,
    TaskCompleted,
    TimerFired,
    UnknownTokenError,
)

__all__ = [
    "AwaitMessage", "CancelMessage", "CancelService", "CancelTask", "CancelTimer", "Choices", "CleanResult",
    "Command", "CreateTask", "Duration", "Element", "EndCase", "EnterStage", "Expression", "FeelError", "Field",
    "FieldError", "Files", "Flow", "Form", "FormDefinitionError", "FormPage", "MessageNotExpectedError",
    "MessageReceived", "OpenElement", "Option", "OutcomeNotOfferedError", "PaperSpec", "Problem", "ProcessDefinition",
    "ProcessDefinitionError", "ProcessEvent", "ProcessStepError", "ProcessStuckError", "RunService", "ScheduleTimer",
    "ServiceCompleted", "Step", "SummaryPage", "SummaryRow", "TaskCompleted", "TimerFired", "UnknownPageError",
    "UnknownTokenError",
    "advance", "can_receive", "check_form", "clean_page", "compile_expression", "date_parts", "evaluate_condition",
    "make_generic_form", "open_elements", "parse_duration", "parse_form", "parse_process", "show_value", "start",
    "summarise", "visible_data", "visible_fields", "visible_pages",
]  # fmt: skip
