"""The vision service: its analyzers, in the order of the report."""

from __future__ import annotations

from services.common.analyzer import Analyzer
from services.vision.analyzers.color_analysis import ColorAnalysis
from services.vision.analyzers.cut_analysis import CutAnalysis
from services.vision.analyzers.object_detection import ObjectDetection
from services.vision.analyzers.text_overlay import TextOverlay

ANALYZERS: tuple[type[Analyzer], ...] = (CutAnalysis, ObjectDetection, TextOverlay, ColorAnalysis)
