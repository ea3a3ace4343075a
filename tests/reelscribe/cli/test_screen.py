"""stdout and stderr belong to us, whatever libraries print."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reelscribe.cli.screen import own_screen

CHATTER = """
import os, sys
from reelscribe.cli.screen import own_screen
with own_screen(verbose={verbose}) as screen:
    print("python chatter")
    print("python chatter", file=sys.stderr)
    os.write(1, b"native chatter\\n")
    os.write(2, b"native chatter\\n")
    screen.out.write("ours\\n")
    screen.err.write("progress\\n")
    {body}
print("after")
"""


def chatter(*, verbose: bool = False, body: str = "pass") -> subprocess.CompletedProcess[str]:
    code = CHATTER.format(verbose=verbose, body=body)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_what_others_print_goes_nowhere() -> None:
    done = chatter()
    assert done.stdout == "ours\nafter\n"
    assert done.stderr == "progress\n"


def test_verbose_shows_it_on_stderr() -> None:
    done = chatter(verbose=True)
    assert done.stdout == "ours\nafter\n"
    assert done.stderr.count("python chatter") == 2
    assert done.stderr.count("native chatter") == 2


def test_if_the_body_breaks_it_is_shown_since_it_may_say_why() -> None:
    done = chatter(body="raise ValueError('broke')")
    assert done.stdout == "ours\n"
    assert done.stderr.count("native chatter") == 2
    assert "ValueError: broke" in done.stderr


def test_an_exit_is_no_break() -> None:
    assert "chatter" not in chatter(body="raise SystemExit(3)").stderr


def test_where_stdout_is_an_object_only(capsys: pytest.CaptureFixture[str]) -> None:
    with own_screen(verbose=False) as screen:
        print("chatter")  # noqa: T201  (what a library would do)
        screen.out.write("ours\n")
    assert capsys.readouterr().out == "ours\n"
