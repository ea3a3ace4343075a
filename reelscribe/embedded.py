"""The whole system in one process, without a server: the gateway's analyses, the services, and a bus in memory."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, closing

import gateway.analyses
from gateway.insight import Insight, sources_of
from gateway.insights import INSIGHTS as INSIGHTS
from reelscribe.analyst import Analyst
from reelscribe.v1.analyzer_pb2 import Setting
from services.audio import ANALYZERS as AUDIO
from services.common.analyzer import Analyzer
from services.common.background import background
from services.common.bus.memory import MemoryBus
from services.common.device import Device, device_kind
from services.common.errors import UnknownAnalyzer
from services.common.media import MediaReader
from services.common.service import Service
from services.common.setting import from_wire
from services.common.settings import Settings
from services.common.worker import Worker
from services.vision import ANALYZERS as VISION
from services.vlm import ANALYZERS as VLM

Catalogue = Mapping[str, Sequence[type[Analyzer]]]
"""service -> its analyzers."""

EVERYTHING: Catalogue = {"vision": VISION, "audio": AUDIO, "vlm": VLM}


def reading() -> Mapping[str, Sequence[str]]:
    """Each insight with the analyzers whose findings it reads."""
    return {insight.name: sources_of(insight) for insight in INSIGHTS}


@asynccontextmanager
async def embedded(
    settings: Settings,
    *,
    analyzers: Sequence[str] = (),
    catalogue: Catalogue = EVERYTHING,
    insights: Sequence[type[Insight]] = INSIGHTS,
    asked: Iterable[Setting] = (),
) -> AsyncIterator[Analyst]:
    """Everything in this process. Only the named analyzers are there, and have their models loaded; none named: all.

    `asked` are settings that the analyses will ask for: where one chooses a model, it is that model which is loaded.
    `limit_threads` must have run before the first numeric library was imported. Raises UnknownAnalyzer, and
    InvalidSetting for a model there is not.
    """
    chosen, concluding = _chosen(catalogue, insights, analyzers)
    compute = settings.compute
    device = Device(
        kind=device_kind(compute.device), core_count=compute.cores, threads_per_call=compute.threads_per_call
    )
    wishes = from_wire(asked)
    services = [Service(name, kinds, device, settings.analyzers, asked=wishes) for name, kinds in chosen.items()]
    # Here services do not fail to come, but their models may take long to load.
    awaited = {"services": tuple(chosen), "services_known_s": math.inf}
    gateway_settings = settings.gateway.model_copy(update=awaited)
    here = settings.model_copy(update={"gateway": gateway_settings})
    await asyncio.gather(*(asyncio.to_thread(service.load, warm=False) for service in services))
    async with (
        MemoryBus() as bus,
        gateway.analyses.analyses(here, bus, concluding) as analyses,
        background(*(_work(service, bus, settings) for service in services)),
    ):
        yield analyses


async def _work(service: Service, bus: MemoryBus, settings: Settings) -> None:
    """Let a service work until it is cancelled."""
    with closing(MediaReader(settings.media.directory)) as reader:
        worker = Worker(
            service,
            bus,
            reader,
            replica_id=f"{service.name}-embedded",
            # With less room than analyses, parts that wait for media could keep out those that media waits for.
            parts_in_flight=max(settings.service(service.name).parts_in_flight, settings.gateway.analyses_in_flight),
        )
        await worker.run()


def _chosen(
    catalogue: Catalogue, insights: Sequence[type[Insight]], names: Sequence[str]
) -> tuple[Catalogue, Sequence[type[Insight]]]:
    if not names:
        return catalogue, insights
    looking = [kind.name for kinds in catalogue.values() for kind in kinds]
    known = (*looking, *(insight.name for insight in insights))
    for name in names:
        if name not in known:
            raise UnknownAnalyzer(name, known)
    picked = {service: [kind for kind in kinds if kind.name in names] for service, kinds in catalogue.items()}
    concluding = [insight for insight in insights if insight.name in names]
    return {service: kinds for service, kinds in picked.items() if kinds}, concluding
