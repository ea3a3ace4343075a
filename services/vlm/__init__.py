"""The vlm service: its analyzers, in the order of the report."""

from __future__ import annotations

from services.common.analyzer import Analyzer

ANALYZERS: tuple[type[Analyzer], ...] = ()
