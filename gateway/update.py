"""A report in which some results are replaced by those of a new analysis: pure functions over two reports."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from gateway.insight import GATEWAY
from gateway.merge import build_report
from reelscribe.v1.analysis_pb2 import Decoding, Report
from reelscribe.v1.analyzer_pb2 import AnalyzerResult, PerceptCost, Setting
from reelscribe.v1.finding_pb2 import Finding
from services.common.errors import InvalidInput
from services.common.time import duration, seconds

Conclude = Callable[[Sequence[AnalyzerResult]], Sequence[AnalyzerResult]]
"""Reads the results of all who looked, and gives those of the insights, which are drawn anew whatever is replaced."""


class CannotUpdate(InvalidInput):
    """What is new would not fit what stays."""

    reason = "cannot_update"


def check_same(old: Report, *, sha256: str, version: str) -> None:
    """Raises CannotUpdate if the report is of another file, or was made by another version."""
    if old.video.sha256 != sha256:
        raise CannotUpdate(
            f"the report is of another video: {old.video.name}, SHA-256 {old.video.sha256[:16]}…, not {sha256[:16]}…"
        )
    if old.reelscribe_version != version:
        raise CannotUpdate(f"the report was made by reelscribe {old.reelscribe_version}, and this is {version}")


def check_settings(old: Report, replaced: Collection[str], settings: Iterable[Setting]) -> None:
    """Raises CannotUpdate if a setting would differ from that of a result that stays."""
    wanted = {setting.name: setting for setting in settings}
    clashes = [
        f"{analyzer} ran with {_told(setting)}, not {_told(wanted[setting.name])}"
        for analyzer, setting in _settings_of(_staying(old, replaced))
        if setting.name in wanted and wanted[setting.name] != setting
    ]
    if clashes:
        raise CannotUpdate(f"settings differ: {'; '.join(clashes)}; name these analyzers too, or leave the setting")


def sharers(report: Report, names: Iterable[str]) -> frozenset[str]:
    """The named analyzers, and all whose findings speak of the same things, faces or voices by number.

    A new analysis counts anew: number 3 of one would be number 5 of the other.
    """
    chosen = frozenset(names)
    while True:
        kinds = _kinds(result for result in report.results if result.analyzer in chosen)
        others = {result.analyzer for result in _looking(report) if _kinds([result]) & kinds}
        if others <= chosen:
            return chosen
        chosen |= others


def still_sharing(old: Report, new: Report) -> frozenset[str]:
    """Analyzers that stay, and share numbers with what was found now."""
    replaced = {result.analyzer for result in new.results}
    kinds = _kinds(_looking(new))
    return frozenset(result.analyzer for result in _staying(old, replaced) if _kinds([result]) & kinds)


def updated(old: Report, new: Report, *, conclude: Conclude) -> Report:
    """The old report with the results of the new one in it; readers of findings are asked anew.

    Summary and completeness are counted again. Costs are of what stands in it, wall time and decoding of both runs.
    Raises CannotUpdate if files, versions, settings, weights or numbers of the two do not go together.
    """
    check_same(old, sha256=new.video.sha256, version=new.reelscribe_version)
    fresh = list(_looking(new))
    replaced = {result.analyzer for result in fresh}
    staying = list(_staying(old, replaced))
    check_settings(old, replaced, (setting for _, setting in _settings_of(fresh)))
    _check_models(staying, fresh)
    if sharing := still_sharing(old, new):
        raise CannotUpdate(
            f"what was found now is numbered anew, and these would not agree: {', '.join(sorted(sharing))}"
        )
    looked = _in_order([*staying, *fresh], [result.analyzer for result in old.results])
    results = [*looked, *conclude(looked)]
    report = build_report(
        analysis_id=new.analysis_id,
        version=new.reelscribe_version,
        # A deadline may have ended one of the two early.
        video=max(new.video, old.video, key=lambda video: seconds(video.duration)),
        results=results,
        decoding=_both(old.decoding, new.decoding),
        percept_costs=_percept_costs(old, new, {result.service for result in staying}),
        wall_s=seconds(old.cost.wall_duration) + seconds(new.cost.wall_duration),
        gateway_cpu_s=seconds(old.decoding.cpu_duration) + seconds(new.decoding.cpu_duration),
    )
    report.create_time.CopyFrom(new.create_time)
    return report


def _looking(report: Report) -> Iterator[AnalyzerResult]:
    return (result for result in report.results if result.service != GATEWAY)


def _staying(old: Report, replaced: Collection[str]) -> Iterator[AnalyzerResult]:
    return (result for result in _looking(old) if result.analyzer not in replaced)


def _kinds(results: Iterable[AnalyzerResult]) -> frozenset[str]:
    """Which numbers are used: "track_id", "face_id", "speaker_id"."""
    return frozenset(kind for result in results for finding in result.findings for kind in _kinds_of(finding))


def _kinds_of(finding: Finding) -> Iterator[str]:
    if finding.WhichOneof("shape") == "track":
        yield "track_id"
    yield from (field.name for field, _ in finding.subject.ListFields())


def _settings_of(results: Iterable[AnalyzerResult]) -> Iterator[tuple[str, Setting]]:
    return ((result.analyzer, setting) for result in results for setting in result.settings)


def _told(setting: Setting) -> str:
    kind = setting.WhichOneof("value")
    return f"{setting.name}={getattr(setting, kind) if kind else ''}"


def _check_models(staying: Iterable[AnalyzerResult], fresh: Iterable[AnalyzerResult]) -> None:
    """The same weights by name must be the same by their bytes."""
    known = {model.name: model.sha256 for result in fresh for model in result.models}
    clashes = sorted(
        {
            f"{model.name} ({result.analyzer})"
            for result in staying
            for model in result.models
            if known.get(model.name, model.sha256) != model.sha256
        }
    )
    if clashes:
        raise CannotUpdate(f"weights have changed since: {', '.join(clashes)}")


def _in_order(results: Sequence[AnalyzerResult], names: Sequence[str]) -> list[AnalyzerResult]:
    """As the old report has them; one that is not in it comes last of its service."""
    places = {name: place for place, name in enumerate(names)}
    known = [result for result in results if result.analyzer in places]
    last_of = {result.service: places[result.analyzer] for result in sorted(known, key=lambda r: places[r.analyzer])}

    def place(result: AnalyzerResult) -> tuple[int, int]:
        if result.analyzer in places:
            return places[result.analyzer], 0
        return last_of.get(result.service, len(places)), 1

    return sorted(results, key=place)


def _percept_costs(old: Report, new: Report, services: Collection[str]) -> list[PerceptCost]:
    """Of those computed anew what they took now; of the others what they took then."""
    known = {(item.service, item.percept): item for item in old.percept_costs if item.service in services}
    known |= {(item.service, item.percept): item for item in new.percept_costs}
    return list(known.values())


def _both(old: Decoding, new: Decoding) -> Decoding:
    """The file was read twice. Counts of frames are of one pass."""
    both = Decoding()
    both.CopyFrom(new if new.pass_count else old)
    both.pass_count = old.pass_count + new.pass_count
    known = {item.rendition_id for item in new.renditions}
    both.renditions.extend(item for item in old.renditions if item.rendition_id not in known)
    for name in ("wall_duration", "cpu_duration"):
        total_s = seconds(getattr(old, name)) + seconds(getattr(new, name))
        getattr(both, name).CopyFrom(duration(total_s))
    both.peak_media_bytes = max(old.peak_media_bytes, new.peak_media_bytes)
    return both
