"""Analyzers that look at nothing themselves and read what the others found; each may read those before it."""

from __future__ import annotations

from gateway.insight import Insight
from gateway.insights.comment_cta_detection import CommentCtaDetection
from gateway.insights.cross_analyzer_intelligence import CrossAnalyzerIntelligence
from gateway.insights.temporal_flow import TemporalFlow

INSIGHTS: tuple[type[Insight], ...] = (CommentCtaDetection, TemporalFlow, CrossAnalyzerIntelligence)
"""In the report's order."""
