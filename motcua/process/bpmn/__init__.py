"""BPMN 2.0 XML: to checked definitions that run, and as a document that is edited and written back unharmed."""

from motcua.process.bpmn.build import parse_process, parse_processes
from motcua.process.bpmn.source import to_utf8

__all__ = ["parse_process", "parse_processes", "to_utf8"]
