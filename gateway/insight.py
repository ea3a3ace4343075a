"""What an insight is: a name, whose findings it reads, and a pure function from findings to findings."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar

from gateway.evidence import Evidence
from reelscribe.v1.analyzer_pb2 import Analyzer, Method
from reelscribe.v1.finding_pb2 import Finding

GATEWAY = "gateway"
"""The service that insights belong to in reports and lists."""


class Insight(ABC):
    """One kind of conclusion, drawn from findings of this very analysis and from nothing else.

    `find` is called once, when everybody else has ended, in a thread of the gateway. It keeps no state, so the same
    findings give the same conclusions. Every conclusion names what it rests on in `evidence_ids`; ids are set later.
    """

    name: ClassVar[str]
    reads: ClassVar[tuple[tuple[str, ...], ...]]
    """Analyzers by name; each entry is a combination that is enough to say something. Where none of them looked, the
    insight is SKIPPED."""
    also_reads: ClassVar[tuple[str, ...]] = ()
    """What it takes into account where it is there, and does without where it is not."""

    @abstractmethod
    def find(self, evidence: Evidence) -> Iterator[Finding]:
        """Yield conclusions, times in seconds of the video. May raise: then this insight FAILED, and no other."""


def sources_of(insight: type[Insight] | Insight) -> tuple[str, ...]:
    """All analyzers it reads, each once, in the order it names them."""
    return tuple(dict.fromkeys([*(name for names in insight.reads for name in names), *insight.also_reads]))


def summary_of(insight: type[Insight]) -> str:
    """The first line of its docstring."""
    text = insight.__doc__ or sys.modules[insight.__module__].__doc__ or ""
    return text.strip().splitlines()[0] if text.strip() else ""


def describe(insight: type[Insight]) -> Analyzer:
    """As any analyzer is described: a measurement, without weights, needs or settings."""
    return Analyzer(
        name=insight.name,
        service=GATEWAY,
        summary=summary_of(insight),
        method=Method.METHOD_SIGNAL,
        uses=sources_of(insight),
    )


def readable(insights: Iterable[type[Insight]], known: Iterable[str]) -> list[type[Insight]]:
    """Those that could read anybody's findings here, in order: an insight may read another one."""
    names = set(known)
    found = []
    for insight in insights:
        if any(names.issuperset(combination) for combination in insight.reads):
            names.add(insight.name)
            found.append(insight)
    return found
