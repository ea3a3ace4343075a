"""What a check between modalities is, and how it tells what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gateway.evidence import Evidence, ids
from reelscribe.v1.finding_pb2 import Finding
from reelscribe.v1.story_pb2 import CrossCheck, Verdict
from services.common.time import span

AGREES, CONTRADICTS = Verdict.VERDICT_AGREES, Verdict.VERDICT_CONTRADICTS
UNCONFIRMED = Verdict.VERDICT_UNCONFIRMED

MAJORITY = 0.5
"""Share above which the one is said to be found in the other: more than not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Two modalities, or more, and what is compared."""

    reads: tuple[tuple[str, ...], ...]
    """Combinations of analyzers, each enough for the check; where none of them looked nothing is claimed."""
    find: Callable[[Evidence], Iterator[Finding]]


def crossed(
    topic: str,
    verdict: Verdict,
    between_s: tuple[float, float],
    *,
    claim: str,
    counterpart: str,
    evidence: Iterable[Finding],
    overlap: float | None = None,
) -> Finding:
    """A finding labelled with its topic."""
    return Finding(
        span=span(*between_s),
        label=topic,
        cross_check=CrossCheck(
            verdict=Verdict.Name(verdict), topic=topic, claim=claim, counterpart=counterpart, overlap=overlap
        ),
        evidence_ids=ids(evidence),
    )


def worded(label: str) -> str:
    """A label as words."""
    return label.replace("_", " ")
