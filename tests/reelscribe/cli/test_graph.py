"""What analyzers use, drawn."""

from __future__ import annotations

import io

from rich.console import Console

from reelscribe.cli.graph import default_weights, graph, need_text
from services.common.analyzer import Percept
from services.common.window import Frames, Samples
from tests import fakes


class Weighty(Percept):
    needs = Samples(sample_rate_hz=24000, channel_count=2)
    weights = ("yamnet",)

    def perceive(self, part, windows):
        yield from ()


class Loud(fakes.Loud):
    uses = (Weighty,)


def test_an_analyzer_stands_above_what_it_uses() -> None:
    console = Console(file=io.StringIO(), width=80)
    console.print(graph({"vision": (fakes.Counting,), "audio": (Loud,)}))
    lines = [line.rstrip() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    assert lines[1:] == [
        "├── vision",
        "│   └── counting  every frame at 256 px",
        "│       └── FrameCount  every frame at 256 px",
        "└── audio",
        "    └── loud  sound at 16 kHz",
        "        └── Weighty  sound at 24 kHz × 2, yamnet",
    ]


def test_insights_stand_with_what_they_read() -> None:
    console = Console(file=io.StringIO(), width=80)
    console.print(graph({"audio": (fakes.Loud,)}, {"pairs": ("loud", "seconds")}))
    lines = [line.rstrip() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    assert lines[-2:] == ["└── gateway", "    └── pairs  reads loud, seconds"]


def test_needs_are_told_in_words() -> None:
    assert need_text(Frames(rate_hz=2.0, long_side_px=None)) == "2 frames/s at native size"


def test_weights_of_percepts_are_an_analyzers_too() -> None:
    assert default_weights({"audio": (Loud,)}) == {"yamnet"}
