"""The short way from Python: one call, one report."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from reelscribe.analyst import Analyst, Assembler
from reelscribe.v1.analysis_pb2 import AnalyzeVideoResponse, Report
from reelscribe.v1.analyzer_pb2 import Setting
from services.common.device import limit_threads
from services.common.setting import setting
from services.common.settings import Scalar, Settings


def analyze(
    video: str | Path,
    *,
    analyzers: Sequence[str] = (),
    settings: Mapping[str, Scalar] | None = None,
    gateway: str | None = None,
    on_event: Callable[[AnalyzeVideoResponse], None] | None = None,
) -> Report:
    """Analyze one video and wait for its report.

    `gateway` is "host:port"; None runs everything in this process and loads the models for this one call (for many
    videos use `reelscribe.embedded`). `settings` maps "analyzer.setting" to a value. `on_event` sees every event.
    Raises ReelscribeError: InvalidInput if the video, an analyzer or a setting is not what it should be.
    Not to be called inside a running event loop.
    """
    here = Settings()
    if gateway is None:
        limit_threads(here.compute.threads_per_call)
    wishes = [setting(name, value) for name, value in (settings or {}).items()]

    async def run() -> Report:
        assembler = Assembler()
        async with _analyst(gateway, here, analyzers, wishes) as analyst:
            async for event in analyst.analyze(Path(video), analyzers=analyzers, settings=wishes):
                assembler.take(event)
                if on_event is not None:
                    on_event(event)
        return assembler.report

    return asyncio.run(run())


def _analyst(
    gateway: str | None, settings: Settings, analyzers: Sequence[str], asked: Sequence[Setting]
) -> AbstractAsyncContextManager[Analyst]:
    if gateway is not None:
        from reelscribe.client import connect

        return connect(gateway)
    from reelscribe.embedded import embedded

    return embedded(settings, analyzers=analyzers, asked=asked)
