"""Validation of a mini-program and of what a local backend serves of it, rule by rule."""

from miniprogram.project.validation.delivery import validate_delivery
from miniprogram.project.validation.program import validate_program
from miniprogram.project.validation.report import ValidationMessage, ValidationReport, report_lines

__all__ = ["ValidationMessage", "ValidationReport", "report_lines", "validate_delivery", "validate_program"]
