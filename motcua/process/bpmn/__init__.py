"""BPMN 2.0 XML: to checked definitions that run, and as a document that is edited and written back unharmed."""

from motcua.process.bpmn.build import parse_process, parse_processes

__all__ = ["parse_process", "parse_processes"]
