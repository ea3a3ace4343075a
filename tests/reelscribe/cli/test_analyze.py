"""`reelscribe analyze`: what it writes where, and the exit code it ends with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ports import free_address
from tests.reelscribe.cli.conftest import Program


def test_report_goes_into_this_directory_and_summary_to_stdout(program: Program, clip: Path) -> None:
    done = program("analyze", clip)
    assert done.returncode == 0, done.stderr
    report = json.loads((program.directory / "clip.report.json").read_text())
    assert report["summary"]["okCount"] == 2
    assert "clip.mp4" in done.stdout
    assert "seconds: 3 second" in done.stdout
    assert "nothing by" in done.stdout
    assert "clip.report.json" in done.stdout


def test_progress_without_a_terminal_is_a_line_per_analyzer_on_stderr(program: Program, clip: Path) -> None:
    lines = program("analyze", clip).stderr.splitlines()
    assert lines[0] == "clip.mp4: loading models"
    assert any(line.endswith("seconds: ok, 3 found") for line in lines)
    assert not any("\x1b" in line for line in lines)


def test_json_on_stdout_is_all_there_is(program: Program, clip: Path) -> None:
    done = program("analyze", clip, "--json", "-")
    assert json.loads(done.stdout)["video"]["name"] == "clip.mp4"
    assert "cost" in done.stderr
    assert list(program.directory.iterdir()) == []


def test_json_into_a_directory_takes_the_name_of_the_clip(program: Program, clip: Path) -> None:
    (program.directory / "reports").mkdir()
    assert program("analyze", clip, "--json", "reports").returncode == 0
    assert (program.directory / "reports" / "clip.report.json").exists()


def test_quiet_says_nothing(program: Program, clip: Path) -> None:
    done = program("analyze", clip, "--quiet", "--json", "out.json")
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_only_the_named_analyzers(program: Program, clip: Path) -> None:
    report = json.loads(program("analyze", clip, "-a", "loud", "--json", "-").stdout)
    assert [result["analyzer"] for result in report["results"]] == ["loud"]


def test_settings_reach_the_analyzer(program: Program, clip: Path) -> None:
    arguments = ("analyze", clip, "-a", "brightness", "--json", "-", "--quiet", "--set")
    bright = json.loads(program(*arguments, "brightness.threshold=0.5", fakes="brightness").stdout)
    dark = json.loads(program(*arguments, "brightness.threshold=255", fakes="brightness").stdout)
    assert bright["results"][0]["status"] == "STATUS_OK"
    assert dark["results"][0]["status"] == "STATUS_EMPTY"


def test_a_failure_is_code_3_and_told_by_name(program: Program, clip: Path) -> None:
    done = program("analyze", clip, fakes="seconds,failing")
    assert done.returncode == 3
    assert "failing failed: window 0 broke it" in done.stdout


def test_missing_weights_are_no_failure_unless_asked_for(program: Program, clip: Path) -> None:
    done = program("analyze", clip, fakes="seconds,weightless")
    assert done.returncode == 0
    assert "reelscribe models pull yolo99z" in done.stdout
    assert program("analyze", clip, "-a", "seconds,weightless", fakes="seconds,weightless").returncode == 3


def test_nobody_who_looked_is_code_3(program: Program, clip: Path) -> None:
    assert program("analyze", clip, fakes="weightless").returncode == 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nowhere.mp4",), "there is no file nowhere.mp4"),
        ((".",), "reelscribe batch"),
        (("empty.mp4",), "empty.mp4 is empty"),
        (("text.mp4",), "is not a video"),
        (("clip.mp4", "-a", "secnods"), "known are seconds"),
        (("clip.mp4", "-a", ","), "--analyzers names none"),
        (("clip.mp4", "-s", "threshold"), "analyzer.setting=value"),
        (("clip.mp4", "-s", "seconds.speed=1"), "seconds.speed"),
        (("clip.mp4", "-g", "nonsense"), "'nonsense' is not host:port"),
        (("clip.mp4", "--json", "nowhere/out.json"), "there is no directory nowhere"),
    ],
)
def test_bad_input_is_code_2_and_one_line(program: Program, clip: Path, arguments: tuple[str, ...], told: str) -> None:
    (program.directory / "empty.mp4").touch()
    (program.directory / "text.mp4").write_text("no video " * 100)
    (program.directory / "clip.mp4").symlink_to(clip)
    done = program("analyze", *arguments)
    assert done.returncode == 2
    (error,) = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert told in error
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_no_gateway_is_code_1_with_the_way_to_one(program: Program, clip: Path) -> None:
    done = program("analyze", clip, "--gateway", free_address())
    assert done.returncode == 1
    assert "error: no gateway answers at 127.0.0.1:" in done.stderr
    assert "mend it: reelscribe up" in done.stderr


def test_verbose_shows_where_an_error_came_from(program: Program) -> None:
    assert "Traceback" in program("analyze", "nowhere.mp4", "-v").stderr


def test_bad_settings_are_told_by_name(program: Program, clip: Path) -> None:
    (program.directory / "reelscribe.toml").write_text("[compute]\ncores = -1\n")
    done = program("analyze", clip)
    assert done.returncode == 2
    assert "settings: compute.cores" in done.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_it_ends_cleanly_and_leaves_nothing(
    program: Program, clip: Path, number: signal.Signals, code: int
) -> None:
    process = program.start("analyze", clip, "-s", "sleeping.sleep_s=2", fakes="seconds,sleeping")
    assert process.stderr is not None
    for line in process.stderr:
        if "at work" in line:
            break
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert out == ""
    assert "Traceback" not in err
    assert program.media == []
    assert list(program.directory.iterdir()) == []


def test_a_second_ctrl_c_does_not_wait(program: Program, clip: Path) -> None:
    process = program.start("analyze", clip, fakes="seconds,hanging")
    assert process.stderr is not None
    for line in process.stderr:
        if "seconds: ok" in line:
            break
    process.send_signal(signal.SIGINT)
    for line in process.stderr:
        if "stopping" in line:
            break
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT


def test_real_analyzers_print_nothing_into_the_report(program: Program, clip: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reelscribe", "analyze", str(clip), "-a", "cut_analysis", "--json", "-"],
        cwd=program.directory,
        env={**os.environ, **program.environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"][0]["analyzer"] == "cut_analysis"
