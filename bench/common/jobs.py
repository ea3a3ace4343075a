"""The sets of jobs that are compared as a whole: what our arm runs, and which tools run in turn beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.common.runs import SIX, here
from bench.common.standalone import TOOLS, ObjectsByUltralytics, TextByRapidOcr, Tool, why_not
from bench.common.standalone_vision import (
    CutsByBothDetectors,
    FacesByMediaPipe,
    FacesByYuNet,
    PosesByUltralytics,
    ShotsByTransNet,
)

FIFTEEN = (
    "object_detection",
    "product_detection",
    "text_overlay",
    "body_pose",
    "background_segmentation",
    "camera_analysis",
    "color_analysis",
    "content_quality",
    "composition_analysis",
    "cut_analysis",
    "scene_segmentation",
    "visual_effects",
    "eye_tracking",
    "age_estimation",
    "face_emotion",
)
"""All analyzers of what is seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSet:
    """What is compared in one run."""

    title: str
    analyzers: Sequence[str]
    tools: Sequence[Sequence[type[Tool]]]
    """In the order they run in turn; of each job, the first tool that can be run here."""
    without_tool: str
    """What our arm does besides."""


SETS = {
    "six": JobSet(
        title="six analyzers in one call, or six tools in turn",
        analyzers=SIX,
        tools=[[tool] for tool in TOOLS],
        without_tool="color_analysis: no such tool; merging into one report",
    ),
    "vision": JobSet(
        title="fifteen analyzers of what is seen in one call, or six tools in turn",
        analyzers=FIFTEEN,
        tools=[
            [CutsByBothDetectors],
            [ShotsByTransNet],
            [ObjectsByUltralytics],
            [PosesByUltralytics],
            [TextByRapidOcr],
            [FacesByMediaPipe, FacesByYuNet],
        ],
        without_tool="products, surroundings, camera, colours, quality, composition, scenes, effects, age, emotion: "
        "what our arm does besides; merging into one report",
    ),
}


def tools_of(chosen: JobSet, jobs: Sequence[str] = ()) -> tuple[dict[str, type[Tool]], list[str]]:
    """Job -> the tool that does it here, and why others do not; `jobs`: these only."""
    found: dict[str, type[Tool]] = {}
    notes = []
    for candidates in chosen.tools:
        job = candidates[0].job
        if jobs and job not in jobs:
            continue
        for tool in candidates:
            if why := why_not(tool):
                notes.append(f"job {job!r}, not by {tool.__name__}: {why}")
            else:
                found[job] = tool
                break
        else:
            notes.append(f"the job {job!r} is left out of their arm: nothing that did not run is counted")
    return found, notes


def analyzers_of(chosen: JobSet, tools: dict[str, type[Tool]], *, all_jobs: bool) -> list[str]:
    """Those of the set that this tree has, without those whose only tools are missing: left out of both arms.

    Not `all_jobs`: only those that the tools stand for.
    """
    replaced = {tool.replaces for tool in tools.values()}
    orphaned = {tool.replaces for candidates in chosen.tools for tool in candidates} - replaced
    return [name for name in here(chosen.analyzers) if name in replaced or (all_jobs and name not in orphaned)]
