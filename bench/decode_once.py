"""Processor time of a file decoded once for all analyzers, against once for each of them.

Both arms use this project's decoder on one thread and make exactly the renditions their readers need, by the same
planner. What is read of the frames afterwards is left out of both. An analyzer of sound that decodes for itself is
charged with the sound only.

    python -m bench decode_once [--repeat 3]
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.common import clips
from bench.common.machine import use_cores
from bench.common.pairs import interleaved, ratio, spent
from bench.common.sheet import Row, Sheet, options
from services.common.device import limit_threads
from services.common.window import Need, Samples

VISION_PAIR = ("cut_analysis", "text_overlay")
VISION_FOUR = (*VISION_PAIR, "object_detection", "color_analysis")
SIX = (*VISION_FOUR, "speech_transcription", "audio_environment")
SETS = {"2 of vision": VISION_PAIR, "4 of vision": VISION_FOUR, "all 6": SIX}
GOALS = {"2 of vision": 1.3, "4 of vision": 1.9}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What reading the file once, or once per analyzer, took."""

    cpu_s: float
    decoded_count: int
    displayed_count: int


def main() -> int:
    """Measure, print, write."""
    arguments = options(__doc__.splitlines()[0], repeat=3).parse_args()
    use_cores(arguments.cores)
    limit_threads(1)
    sheet = Sheet(benchmark="decode_once", title="decoded once for all, or by each for itself", tiny=arguments.tiny)
    with tempfile.TemporaryDirectory() as folder:
        path = clips.clip(Path(folder), chosen=arguments.clip, tiny=arguments.tiny)
        _measure(sheet, path, 1 if arguments.tiny else arguments.repeat)
    sheet.write(arguments.out)
    return 0


def _measure(sheet: Sheet, path: Path, repeat_count: int) -> None:
    from gateway.decode import probe

    needs, video = needs_by_analyzer(), probe(path)
    frame_count = frames_in(path)
    sheet.conditions |= {
        "clip": f"{path.name}, {video.video_stream.width_px}x{video.video_stream.height_px}, {frame_count} frames",
        "pairs": repeat_count,
        "measured": "processor time of the process: demuxing, decoding, scaling, colour conversion, resampling",
        "warm": "libraries imported, file in the page cache: one pass before the first that is measured",
    }
    rows: list[Row] = []
    for name, members in SETS.items():
        if absent := [each for each in members if each not in needs]:
            sheet.note(f"{name}: left out, since there is no {' and no '.join(absent)} here")
            continue
        arms = {
            "once": lambda members=members: _once(path, [needs[each] for each in members]),
            "each": lambda members=members: _each(path, [needs[each] for each in members]),
        }
        if not rows:
            arms["once"]()
        passes = interleaved(arms, repeat_count)
        cpu_s = {arm: [each.cpu_s for each in done] for arm, done in passes.items()}
        saved = ratio(cpu_s["each"], cpu_s["once"])
        decoded = passes["once"][0].decoded_count / frame_count
        rows.append(
            {
                "analyzers": name,
                "each for itself_cpu_s": median(cpu_s["each"]),
                "decoded once_cpu_s": median(cpu_s["once"]),
                "ratio": str(saved),
                "passes saved": len(members) - 1,
                "frames decoded / in the file": f"{decoded:.4f}",
                "renditions": ", ".join(_renditions(path, [needs[each] for each in members])),
            }
        )
        if name in GOALS:
            sheet.goal(f"processor time of each for itself / once, {name}", saved.median, ">=", GOALS[name])
        sheet.goal(f"frames decoded / frames in the file, {name}", decoded, "==", 1.0)
    sheet.table("CPU seconds, median of the pairs", rows)
    asked = [{"analyzer": name, "needs": _words(needs[name])} for name in SIX if name in needs]
    sheet.table("What each analyzer asks for", asked)


def needs_by_analyzer() -> dict[str, tuple[Need, ...]]:
    """Each analyzer's needs, those of the percepts it uses among them."""
    from services.audio import ANALYZERS as AUDIO
    from services.common.analyzer import Analyzer, Percept, needs_of
    from services.vision import ANALYZERS as VISION

    def all_needs(user: type[Analyzer] | type[Percept]) -> list[Need]:
        return [*needs_of(user), *(need for used in user.uses for need in all_needs(used))]

    return {kind.name: tuple(dict.fromkeys(all_needs(kind))) for kind in (*VISION, *AUDIO)}


def frames_in(path: Path) -> int:
    """Pictures FFmpeg gives when the file is decoded with nothing else."""
    import av

    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def _once(path: Path, needs: Sequence[tuple[Need, ...]]) -> Pass:
    return _decoded(path, [need for each in needs for need in each])


def _each(path: Path, needs: Sequence[tuple[Need, ...]]) -> Pass:
    """One pass for each analyzer; those of sound read no picture, as a tool of its own would not."""
    passes = []
    for each in needs:
        sound = [need for need in each if isinstance(need, Samples)]
        passes.append(_sound_alone(path, sound) if sound else _decoded(path, each))
    return Pass(
        cpu_s=sum(each.cpu_s for each in passes),
        decoded_count=sum(each.decoded_count for each in passes),
        displayed_count=sum(each.displayed_count for each in passes),
    )


def _decoded(path: Path, needs: Sequence[Need]) -> Pass:
    from gateway.decode import Decoded, decode, probe
    from gateway.plan import plan

    last = None
    with spent() as measured:
        for step in decode(path, plan(needs, probe(path))):
            last = step if isinstance(step, Decoded) else None
    if last is None:
        raise RuntimeError("the pass did not end with its result")
    return Pass(
        cpu_s=measured.cpu_s, decoded_count=last.decoded_frame_count, displayed_count=last.displayed_frame_count
    )


def _sound_alone(path: Path, needs: Sequence[Samples]) -> Pass:
    import av

    with spent() as measured:
        for need in needs:
            layout = "mono" if need.channel_count == 1 else "stereo"
            resampler = av.AudioResampler(format="flt", layout=layout, rate=need.sample_rate_hz)
            with av.open(str(path)) as container:
                for frame in container.decode(audio=0):
                    for block in resampler.resample(frame):
                        block.to_ndarray()
    return Pass(cpu_s=measured.cpu_s, decoded_count=0, displayed_count=0)


def _renditions(path: Path, needs: Sequence[tuple[Need, ...]]) -> list[str]:
    from gateway.decode import probe
    from gateway.plan import plan

    texts = []
    for rendition in plan([need for each in needs for need in each], probe(path)):
        if rendition.HasField("frames"):
            frames = rendition.frames
            rate = f"{frames.rate_hz:g} Hz" if frames.HasField("rate_hz") else "every frame"
            texts.append(f"{frames.width_px}x{frames.height_px} {rate}")
        else:
            texts.append(f"{rendition.samples.sample_rate_hz} Hz sound")
    return texts


def _words(needs: Sequence[Need]) -> str:
    return ", ".join(
        f"{need.sample_rate_hz} Hz sound"
        if isinstance(need, Samples)
        else f"{need.long_side_px or 'native'} px at {f'{need.rate_hz:g} Hz' if need.rate_hz else 'every frame'}"
        for need in needs
    )


if __name__ == "__main__":
    raise SystemExit(main())
