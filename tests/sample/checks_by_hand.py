"""All checks by hand, by the name of their rule."""

from __future__ import annotations

from . import checks_content, checks_dates, checks_design, checks_forms
from .check_kit import CHECKS, dated, interval, module, status, study_type

__all__ = [
    "CHECKS",
    "checks_content",
    "checks_dates",
    "checks_design",
    "checks_forms",
    "dated",
    "interval",
    "module",
    "status",
    "study_type",
]
