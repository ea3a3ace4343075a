"""How a command ends."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest
import typer

from reelscribe.cli.ending import BAD_INPUT, BROKEN, INTERRUPTED, TERMINATED, Terminated, read_settings, run, told
from services.common.errors import BusUnavailable, InvalidSetting, NotAVideo, NotFound, TooMuch, WeightsNotInstalled


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotAVideo("x is not a video"), BAD_INPUT),
        (NotFound("x is not there"), BAD_INPUT),
        (BusUnavailable("x does not answer"), BROKEN),
        (TooMuch("x is full"), BROKEN),
        (OSError(28, "x is full", "/dev/shm/x"), BROKEN),
        (ZeroDivisionError("x"), BROKEN),
        (KeyboardInterrupt(), INTERRUPTED),
        (Terminated(), TERMINATED),
    ],
)
def test_each_error_has_its_code_and_one_line(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as exit_, told():
        raise error
    assert exit_.value.exit_code == code
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == (0 if code > BAD_INPUT else 1)
    assert all(line.startswith("error: ") and "x" in line for line in lines)


def test_the_way_out_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), told():
        raise WeightsNotInstalled("yolo[11]n")
    assert capsys.readouterr().err.splitlines() == [
        "error: the weights 'yolo[11]n' are not installed",
        "mend it: reelscribe models pull yolo[11]n",
    ]


def test_verbose_shows_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), told(verbose=True):
        raise NotAVideo("x")
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(("number", "end"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)])
def test_a_signal_cancels_in_good_order(number: signal.Signals, end: type[BaseException]) -> None:
    cleaned = []

    async def work() -> None:
        try:
            signal.raise_signal(number)
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    before = signal.getsignal(number)
    with pytest.raises(end):
        run(work())
    assert cleaned == [True]
    assert signal.getsignal(number) is before


def test_what_the_work_returns_or_raises_comes_out() -> None:
    async def broken() -> None:
        raise NotAVideo("x")

    assert run(asyncio.sleep(0, "done")) == "done"
    with pytest.raises(NotAVideo):
        run(broken())


@pytest.mark.parametrize(
    ("content", "told_of"),
    [
        ("[compute]\ncores = 0\n", "compute.cores"),
        ("[media]\nsize = 1\n", "media.size"),
        ("cores = \n", "Invalid value"),
    ],
)
def test_bad_settings_are_told_by_name(
    content: str, told_of: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.toml").write_text(content)
    monkeypatch.setenv("REELSCRIBE_CONFIG", str(tmp_path / "settings.toml"))
    with pytest.raises(InvalidSetting, match=told_of):
        read_settings()
