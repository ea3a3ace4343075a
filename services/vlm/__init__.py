"""The vlm service: its analyzers, in the order of the report."""

from __future__ import annotations

from services.common.analyzer import Analyzer
from services.vlm.analyzers.qwen2_vl_temporal import Qwen2VlTemporal

ANALYZERS: tuple[type[Analyzer], ...] = (Qwen2VlTemporal,)
