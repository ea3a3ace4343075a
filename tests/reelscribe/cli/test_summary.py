"""The summary, as it stands on a terminal of 80 columns."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from reelscribe.cli.summary import Here, bytes_text, print_summary
from reelscribe.v1.analyzer_pb2 import Failure, Status
from tests.reelscribe.report.made import story
from tests.reelscribe.report.reports import cut, model, report, result, skipped, speech, text, track


def shown(*results: object, here: Here | None = None, written: tuple[Path, ...] = ()) -> str:
    console = Console(file=io.StringIO(), width=80)
    print_summary(console, report(*results), here=here, written=written)  # type: ignore[arg-type]
    output: str = console.file.getvalue()  # type: ignore[attr-defined]
    assert all(len(line) <= 80 for line in output.splitlines() if "written" not in line)
    return "\n".join(line.rstrip() for line in output.splitlines())


def test_everything_a_person_asks_first(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text("{}")
    output = shown(
        result("text_overlay", text("[red]HALLO[/]", 0.5), models=[model("pp-ocr", "Apache-2.0")]),
        result("speech", speech("Guten Tag " * 10, 1.0)),
        result("cuts", cut(5.9667), models=[model("yolo11n", "AGPL-3.0-only")]),
        result("quiet_one", status=Status.STATUS_EMPTY),
        skipped("qwen2_vl_temporal", fix="reelscribe models pull qwen2-vl-2b"),
        here=Here(peak_bytes=1_400_000_000, preparing_s=8.0),
        written=(tmp_path / "r.json",),
    )
    assert "clip.mp4  0:20.0, 720×1280 h264, aac" in output
    assert "on screen     0:00.5 [red]HALLO[/]" in output
    assert "speech (de)   0:01.0 Guten Tag" in output
    assert "cuts          1 hard cut at 0:05.97" in output
    assert "nothing by    quiet_one" in output
    assert "not looked at qwen2_vl_temporal skipped: the weights are not installed" in output
    assert "→ reelscribe models pull qwen2-vl-2b" in output
    assert "10.0 s (0.50 × realtime), 15.0 s CPU, 1.4 GB memory, 84 MB media" in output
    assert "before it 8.0 s to load models" in output
    assert "AGPL-3.0-only (copyleft): yolo11n" in output
    assert "r.json (2 B)" in output


def test_lines_that_are_too_long_hang_under_their_beginning() -> None:
    lines = shown(result("speech", speech("Guten Tag " * 10, 1.0))).splitlines()
    first = next(index for index, line in enumerate(lines) if "0:01.0" in line)
    assert lines[first + 1].startswith(" " * 21 + "Guten")


def test_nothing_found_is_said() -> None:
    assert "found         nothing" in shown(result("any", status=Status.STATUS_EMPTY))


def test_memory_of_another_process_is_not_told() -> None:
    assert "memory" not in shown(result("any", cut(1)))


@pytest.mark.parametrize(
    ("count", "told"),
    [(12, "12 B"), (212_400, "212 kB"), (84_000_000, "84 MB"), (1_430_000_000, "1.4 GB")],
)
def test_sizes(count: int, told: str) -> None:
    assert bytes_text(count) == told


def test_it_fits_a_screen() -> None:
    """However much was found: fewer lines of each kind, and the rest counted."""
    many = [result("text_overlay", *(text(f"line {number}", number) for number in range(40)))]
    many += [result(f"reader_{number}", *(speech(f"word {n}", n) for n in range(9))) for number in range(8)]
    many += [result(f"reader_{n}", cut(n), track("cup", n), status=Status.STATUS_PARTIAL) for n in range(40)]
    many += [
        result(f"broken_{n}", status=Status.STATUS_FAILED, error=Failure(message=f"broke in part {n} of the clip"))
        for n in range(18)
    ]
    lines = shown(*many).splitlines()
    assert 24 <= len(lines) <= 50
    assert any("more in the report" in line for line in lines)


def test_what_matters_less_is_cut_first() -> None:
    """Text on screen stands before speech: of two lists as long the later one gets shorter."""
    lines = [text(f"line {number}", number) for number in range(5)], [speech(f"word {n}", n) for n in range(5)]
    broken = [
        result(f"broken_{n}", status=Status.STATUS_FAILED, error=Failure(message=f"broke in part {n}"))
        for n in range(35)
    ]
    output = shown(result("text_overlay", *lines[0]), result("speech", *lines[1]), *broken)
    assert 0 < output.count("word ") < output.count("line ") <= 5


def test_what_was_written_is_told_in_one_line(tmp_path: Path) -> None:
    for name in ("report.html", "report.json", "speech.srt"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "keyframes").mkdir()
    output = shown(result("any", cut(1)), written=(tmp_path / "keyframes", *sorted(tmp_path.glob("*.*"))))
    assert output.count("\nwritten ") == 1
    assert "report.html (2 B) and 3 more beside it" in output


def test_of_permissive_licences_the_names_are_enough() -> None:
    models = [model("yolo", "AGPL-3.0-only"), model("base", "MIT"), model("vad", "MIT"), model("ocr", "Apache-2.0")]
    assert "licences      AGPL-3.0-only (copyleft): yolo; Apache-2.0, MIT" in shown(result("any", models=models))


def test_curves_stand_above_what_was_found() -> None:
    console = Console(file=io.StringIO(), width=80)
    print_summary(console, story())
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    (pacing,) = (line for line in lines if line.startswith("pacing"))
    (loudness,) = (line for line in lines if line.startswith("loudness"))
    assert "│" in pacing
    assert "█" in loudness
    assert "-14.0 LUFS" in loudness
    assert lines.index(pacing) == 2
