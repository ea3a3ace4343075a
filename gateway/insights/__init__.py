"""Analyzers that look at nothing themselves and read what the others found; each may read those before it."""

from __future__ import annotations

from gateway.insights.comment_cta_detection import CommentCtaDetection
from gateway.insights.temporal_flow import TemporalFlow

INSIGHTS = (CommentCtaDetection, TemporalFlow)
"""In the report's order."""
