"""What a report says of itself: who did not look and how to mend that, what it cost, which licences it stands under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reelscribe.v1.analysis_pb2 import Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, Status
from services.common.catalogue import COPYLEFT_PREFIXES, NON_COMMERCIAL_MARK
from services.common.time import seconds

LOOKED_EVERYWHERE = frozenset({Status.STATUS_OK, Status.STATUS_EMPTY})
TROUBLED = frozenset({Status.STATUS_PARTIAL, Status.STATUS_FAILED, Status.STATUS_TIMED_OUT})


PULL = "reelscribe models pull "
"""What mends missing weights; takes several names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """An analyzer that did not look at everything."""

    analyzer: str
    status: str
    """In words: "skipped", "timed out"."""
    code: str
    """Stable, snake_case: "weights_not_installed"; "" where the report gives none."""
    message: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLack:
    """Analyzers that did not look for one reason."""

    analyzers: tuple[str, ...]
    status: str
    code: str
    message: str
    fix: str
    """What mends all of them; "" where nothing does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceUse:
    """A licence and the weights that are under it."""

    licence: str
    weights: tuple[str, ...]
    copyleft: bool
    non_commercial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What the whole took."""

    wall_s: float
    duration_s: float
    cpu_s: float
    media_bytes: int

    @property
    def realtime_ratio(self) -> float | None:
        """Wall time by length of the video; below 1 is faster than playing it. None for a video without length."""
        return self.wall_s / self.duration_s if self.duration_s else None


def status_word(status: int) -> str:
    """ "ok", "timed out" ..."""
    return Status.Name(status).removeprefix("STATUS_").lower().replace("_", " ")


def lacks(report: Report) -> tuple[Lack, ...]:
    """All that were not looked at as they should be, in the report's order."""
    return tuple(
        Lack(
            analyzer=result.analyzer,
            status=status_word(result.status),
            code=result.reason.code,
            message=result.reason.message or result.error.message,
            fix=result.reason.fix,
        )
        for result in report.results
        if result.status not in LOOKED_EVERYWHERE
    )


def shared_lacks(report: Report) -> tuple[SharedLack, ...]:
    """The same by reason; where that differs only in the names of what is missing, the reason without them."""
    groups: dict[tuple[str, str], list[Lack]] = {}
    for lack in lacks(report):
        groups.setdefault((lack.status, lack.code or lack.message), []).append(lack)
    return tuple(
        SharedLack(
            analyzers=tuple(lack.analyzer for lack in group),
            status=status,
            code=group[0].code,
            message=group[0].message if len({lack.message for lack in group}) == 1 else reason.replace("_", " "),
            fix=_shared_fix([lack.fix for lack in group if lack.fix]),
        )
        for (status, reason), group in groups.items()
    )


def _shared_fix(fixes: Sequence[str]) -> str:
    """One command where it takes several names: "reelscribe models pull yolo11n yamnet"."""
    different = list(dict.fromkeys(fixes))
    if different and all(fix.startswith(PULL) for fix in different):
        return PULL + " ".join(fix.removeprefix(PULL) for fix in different)
    return "; ".join(different)


def found_nothing(report: Report) -> tuple[str, ...]:
    """Analyzers that looked everywhere and found nothing."""
    return tuple(result.analyzer for result in report.results if result.status == Status.STATUS_EMPTY)


def is_lacking(report: Report, *, named: tuple[str, ...] = ()) -> bool:
    """Something is partial, failed or timed out; nobody looked; or one asked for by name could have been installed."""
    if any(result.status in TROUBLED for result in report.results):
        return True
    if not any(result.status in LOOKED_EVERYWHERE for result in report.results):
        return True
    return any(_skipped_mendably(result) for result in report.results if result.analyzer in named)


def _skipped_mendably(result: AnalyzerResult) -> bool:
    return result.status == Status.STATUS_SKIPPED and bool(result.reason.fix)


def licences(report: Report) -> tuple[LicenceUse, ...]:
    """Of the weights that took part, copyleft and non-commercial ones first."""
    weights: dict[str, dict[str, None]] = {}
    for result in report.results:
        for model in result.models if result.status != Status.STATUS_SKIPPED else ():
            weights.setdefault(model.licence or "unknown", {})[model.name] = None
    uses = [
        LicenceUse(
            licence=licence,
            weights=tuple(names),
            copyleft=licence.startswith(COPYLEFT_PREFIXES),
            non_commercial=NON_COMMERCIAL_MARK in licence,
        )
        for licence, names in weights.items()
    ]
    return tuple(sorted(uses, key=lambda use: (not (use.copyleft or use.non_commercial), use.licence)))


def price(report: Report) -> Price:
    """Wall and processor time of the whole, and the most media that lay in memory."""
    return Price(
        wall_s=seconds(report.cost.wall_duration),
        duration_s=seconds(report.video.duration),
        cpu_s=seconds(report.cost.cpu_duration),
        media_bytes=report.decoding.peak_media_bytes,
    )
