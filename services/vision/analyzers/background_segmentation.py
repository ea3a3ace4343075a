"""What fills the picture: the share of persons and of what else the model can name, in stretches of one setting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from reelscribe.v1.analyzer_pb2 import Method
from reelscribe.v1.finding_pb2 import Finding, Region, RegionShares
from services.common.analyzer import Analyzer, AnalyzerSettings
from services.common.device import Device
from services.common.errors import InvalidSetting
from services.common.time import span
from services.common.weights import locate
from services.common.window import PTS_TOLERANCE_S, Frames, Part, Window
from services.vision.percepts.shots import Shots
from services.vision.regions.ade20k import AdeReader
from services.vision.regions.reader import UNLABELLED, RegionReader, Shares
from services.vision.regions.stretches import Look, Stretch, Stretches
from services.vision.regions.voc import VocReader
from services.vision.regions.whereabouts import INDOOR, OUTDOOR, is_elsewhere, whereabouts
from services.vision.shot_clock import ShotClock

NEED = Frames(rate_hz=5.0, long_side_px=640)
"""The rendition that is there for the detectors; about one frame a second of it is looked at."""

STEP_S = 1.0
"""Least time between two looks within a shot; each shot is looked at once at its beginning."""

LEAST_SHARE = 0.01
"""A class that fills less of the picture is not named: its pixels count as unlabelled."""

READERS: dict[str, type[VocReader] | type[AdeReader]] = {
    "deeplabv3-voc": VocReader,
    "segformer-b2-ade20k": AdeReader,
}


class BackgroundSegmentationSettings(AnalyzerSettings):
    """Which network names the pixels."""

    loading = ("model",)

    model: Literal["deeplabv3-voc", "segformer-b2-ade20k"] = "deeplabv3-voc"
    """Weights by their name in the catalogue. Chosen when the service starts; a request cannot change it."""


class BackgroundSegmentation(Analyzer):
    """What fills the picture, stretch by stretch.

    Labels: `setting`, a stretch of one shot, of at most ten seconds, in which the picture is composed alike: the mean
    shares of `person` and of each other class that fills at least a hundredth, and `unlabelled` for all the rest; they
    sum to 1. With DeepLabV3 (lite) the classes are the 20 of Pascal VOC, so most backgrounds are unlabelled, and
    nothing is said about where the picture was taken. Only with SegFormer (full), whose 150 classes of ADE20K know
    sky and ceiling, there are also `indoor` and `outdoor`, with the shares of the classes that say so, where one
    outweighs the other three to one; and `setting_change`, at a change of shot after which half of what is not a
    person belongs to other classes: the shares after it. Measured about once a second.
    """

    name = "background_segmentation"
    method = Method.METHOD_MODEL
    needs = NEED
    uses = (Shots,)
    weights = ("deeplabv3-voc",)
    Settings = BackgroundSegmentationSettings

    def load(self, device: Device) -> None:
        assert isinstance(self.settings, BackgroundSegmentationSettings)
        self._reader: RegionReader = READERS[self.settings.model](locate(self.settings.model), device)
        self.models = (self._reader.model,)

    def analyze(self, part: Part, windows: Iterator[Window]) -> Iterator[Finding]:
        assert isinstance(part.settings, BackgroundSegmentationSettings)
        if part.settings.model != self._reader.model.name:
            raise InvalidSetting(f"this service segments with {self._reader.model.name}, not {part.settings.model}")
        before: Stretch | None = None
        for stretch in self._stretches(part, windows):
            yield from _told(self._reader, before, stretch)
            before = stretch

    def _stretches(self, part: Part, windows: Iterator[Window]) -> Iterator[Stretch]:
        clock, stretches = ShotClock(part.start_s), Stretches()
        looked_s, end_s = -np.inf, part.start_s
        for window in windows:
            clock.learn(window[Shots])
            batch = window[NEED]
            ends_s = [*batch.pts_s[1:].tolist(), window.end_s]
            for pts_s, until_s, frame in zip(batch.pts_s.tolist(), ends_s, batch.rgb, strict=False):
                for _, over_s in clock.ended_by(pts_s):
                    looked_s = -np.inf
                    if stretch := stretches.end_shot(over_s):
                        yield stretch
                if clock.is_inside(pts_s) and pts_s - looked_s >= STEP_S - PTS_TOLERANCE_S:
                    looked_s = pts_s
                    part.count_processed(1)
                    look = Look(pts_s=pts_s, end_s=until_s, shares=self._reader.shares(frame))
                    if stretch := stretches.see(look, shot_start_s=clock.start_s):
                        yield stretch
            end_s = window.end_s
        for _, over_s in clock.ended_by(end_s):
            if stretch := stretches.end_shot(over_s):
                yield stretch
        if stretch := stretches.end_shot(end_s):
            yield stretch


def _told(reader: RegionReader, before: Stretch | None, stretch: Stretch) -> Iterator[Finding]:
    names = reader.names
    if reader.tells_places and before and stretch.opens_shot and is_elsewhere(names, before.shares, stretch.shares):
        yield _finding("setting_change", reader, stretch, until_s=stretch.first_end_s)
    yield _finding("setting", reader, stretch)
    where = whereabouts(names, stretch.shares) if reader.tells_places else None
    if where is not None:
        yield _finding(where, reader, stretch, only=INDOOR if where == "indoor" else OUTDOOR)


def _finding(
    label: str,
    reader: RegionReader,
    stretch: Stretch,
    *,
    until_s: float | None = None,
    only: frozenset[str] | None = None,
) -> Finding:
    end_s = stretch.end_s if until_s is None else until_s
    regions = _regions(reader.names, stretch.shares)
    return Finding(
        span=span(stretch.start_s, end_s),
        label=label,
        regions=RegionShares(
            regions=[region for region in regions if only is None or region.name in only],
            frame_count=stretch.frame_count,
        ),
    )


def _regions(names: tuple[str, ...], shares: Shares) -> list[Region]:
    """Largest first; what is too small to be named is added to the unlabelled."""
    named = {
        name: float(share)
        for name, share in zip(names, shares, strict=True)
        if name != UNLABELLED and share >= LEAST_SHARE
    }
    rest = 1.0 - sum(named.values())
    if rest > 1e-6:
        named[UNLABELLED] = rest
    return [Region(name=name, share=named[name]) for name in sorted(named, key=lambda name: -named[name])]
