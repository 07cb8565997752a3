"""BPMN 2.0 XML to a checked `ProcessDefinition`."""

from motcua.process.bpmn.build import parse_process

__all__ = ["parse_process"]
