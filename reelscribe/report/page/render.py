"""A report as one HTML file: gathers what the page shows and puts it into the templates."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from reelscribe.report.account import licences, price
from reelscribe.report.outputs import View
from reelscribe.report.page.curves import area, curves
from reelscribe.report.page.fives import fives
from reelscribe.report.page.known import Known
from reelscribe.report.page.lanes import GROUPS, cuts, lanes
from reelscribe.report.page.ledger import gap, rows
from reelscribe.report.page.measured import details
from reelscribe.report.page.overlay import overlay
from reelscribe.report.page.people import people
from reelscribe.report.page.sections import sections
from reelscribe.report.page.telling import compared, subject, title, verdict
from reelscribe.report.page.transcript import transcript
from reelscribe.report.page.words import words_of
from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.analyzer_pb2 import Status
from services.common.errors import ReelscribeError

if TYPE_CHECKING:
    import jinja2

TICKS_MOST = 13
"""Labels on the ruler at most; fewer on a phone, where every other one is hidden."""

LAST_TICK = 0.97
"""Of the length."""

TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600)


class PageLibraryNotInstalled(ReelscribeError):
    """Jinja2 is an extra: an analyzing server needs no pages."""

    reason = "library_not_installed"
    fix = "pip install 'reelscribe[report]'"

    def __init__(self) -> None:
        super().__init__("report.html needs jinja2, which is not installed")


def render(report: Report, view: View) -> str:
    """The page. Raises InvalidInput for a language there is none in, PageLibraryNotInstalled."""
    words = words_of(view.language)
    known = Known(report)
    cards, more_people_count = people(known, view.keyframes)
    drawn = curves(known, words)
    over = overlay(known, words)
    analyzers, percepts = rows(report)
    style, script = _source("page.css"), _source("page.js")
    page = _environment().get_template("page.html.jinja")
    return page.render(
        report=report,
        view=view,
        words=words,
        say=words.say,
        known=known,
        duration_s=known.duration_s or 1.0,
        style=style,
        script=script,
        script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        sections=sections(known, words),
        groups=GROUPS,
        lanes=lanes(known, words),
        curves=drawn,
        cuts=cuts(known, words),
        ticks=ticks(known.duration_s),
        utterances=transcript(known),
        people=cards,
        more_people_count=more_people_count,
        fives=fives(known, view.keyframes, words),
        gaps=[gap(result) for result in report.results if result.status != Status.STATUS_OK],
        analyzers=analyzers,
        percepts=percepts,
        licences=licences(report),
        price=price(report),
        title=lambda found: title(found, words),
        details=lambda found: details(found, words),
        subject=lambda finding: subject(finding, words),
        verdict=verdict,
        compared=lambda finding: compared(finding, words),
        webp=lambda keyframe: base64.b64encode(keyframe.webp).decode(),
        overlay=over,
        data=_data(known, view, drawn, over),
    )


def _data(known: Known, view: View, drawn: Any, over: dict[str, Any]) -> dict[str, Any]:
    """What the script needs."""
    return {
        "duration": known.duration_s or 1.0,
        "keyframes": [
            [each.number, round(each.start_s, 3), round(each.end_s, 3), round(each.at_s, 3)] for each in view.keyframes
        ],
        "overlay": over,
        "curves": {
            curve.key: {
                "unit": curve.unit,
                "decimals": curve.decimals,
                "lines": [
                    {
                        "title": line.title,
                        "start": line.start_s,
                        "step": round(line.step_s, 6),
                        "values": [None if value is None else round(value, curve.decimals) for value in line.values],
                    }
                    for line in curve.lines
                ],
            }
            for curve in drawn
        },
    }


def ticks(duration_s: float) -> list[int]:
    """Whole seconds to label on the ruler; not one whose label would run over the end.

    >>> ticks(24.8)
    [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24]
    """
    step_s = next((step for step in TICK_STEPS_S if duration_s / step <= TICKS_MOST), TICK_STEPS_S[-1])
    return [tick for tick in range(0, int(duration_s) + 1, step_s) if tick <= LAST_TICK * duration_s or not tick]


def check_installed() -> None:
    """Raises PageLibraryNotInstalled."""
    if importlib.util.find_spec("jinja2") is None:
        raise PageLibraryNotInstalled


@lru_cache
def _environment() -> jinja2.Environment:
    check_installed()
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reelscribe.report.page"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["area"] = area
    environment.filters["slug"] = lambda text: re.sub(r"[^a-z0-9]+", "-", str(text).lower())
    environment.filters["snake"] = lambda name: re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(name)).lower()
    return environment


def _source(name: str) -> str:
    return (files("reelscribe.report.page") / "templates" / name).read_text(encoding="utf-8")
