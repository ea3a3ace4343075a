"""What belongs to whom of stdout and stderr while model libraries, which print what they like, run in this process."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import IO, TextIO


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """`out` and `err` are ours alone: nothing else writes to them."""

    out: TextIO
    err: TextIO


@contextmanager
def own_screen(*, verbose: bool) -> Iterator[Screen]:
    """Keep stdout and stderr for ourselves, down to the file descriptors (native code prints, too).

    What anybody else writes goes to stderr if `verbose`, otherwise nowhere; if the body breaks, what was written
    is shown after all, since it may say why.
    """
    if not _is_real(sys.stdout, 1) or not _is_real(sys.stderr, 2):
        with _own_objects(verbose=verbose) as screen:
            yield screen
        return
    with _own_descriptors(verbose=verbose) as screen:
        yield screen


def _is_real(stream: TextIO, descriptor: int) -> bool:
    try:
        return stream.fileno() == descriptor
    except (io.UnsupportedOperation, AttributeError, ValueError):
        return False


@contextmanager
def _own_objects(*, verbose: bool) -> Iterator[Screen]:
    """Where stdout is an object only, as in a test that runs the command inside itself."""
    screen = Screen(out=sys.stdout, err=sys.stderr)
    elsewhere = screen.err if verbose else io.StringIO()
    with redirect_stdout(elsewhere), redirect_stderr(elsewhere):
        yield screen


@contextmanager
def _own_descriptors(*, verbose: bool) -> Iterator[Screen]:
    sys.stdout.flush()
    sys.stderr.flush()
    kept_out, kept_err = os.dup(1), os.dup(2)
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as hushed,
        os.fdopen(os.dup(kept_out), "w", encoding="utf-8") as out,
        os.fdopen(os.dup(kept_err), "w", encoding="utf-8", buffering=1) as err,
    ):
        chatter = kept_err if verbose else hushed.fileno()
        os.dup2(chatter, 1)
        os.dup2(chatter, 2)
        broke = False
        try:
            yield Screen(out=out, err=err)
        except Exception:
            broke = not verbose
            raise
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os.dup2(kept_out, 1)
            os.dup2(kept_err, 2)
            os.close(kept_out)
            os.close(kept_err)
            if broke:
                _show(hushed)


def _show(hushed: IO[str]) -> None:
    hushed.seek(0)
    sys.stderr.write(hushed.read())
