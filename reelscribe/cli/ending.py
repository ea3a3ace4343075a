"""How a command ends: its exit codes, and what an error looks like to the person who meets it."""

from __future__ import annotations

import asyncio
import signal
import sys
import tomllib
import traceback
import warnings
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

import typer
from rich.console import Console
from rich.markup import escape

from services.common.errors import InvalidInput, InvalidSetting, NotFound, ReelscribeError

if TYPE_CHECKING:
    from services.common.settings import Settings

OK = 0
BROKEN = 1
"""Nothing could be tried, through no fault of the input: no bus, no gateway, no room."""
BAD_INPUT = 2
LACKING = 3
"""There is a report, and some of it is not as it should be."""
INTERRUPTED = 130
TERMINATED = 143

Result = TypeVar("Result")


@contextmanager
def told(*, verbose: bool = False) -> Iterator[None]:
    """Errors of the body as one line with its reason and the way out, and the exit code that goes with it."""
    try:
        yield
    except ReelscribeError as error:
        _tell(str(error) or error.reason, fix=error.fix, verbose=verbose)
        raise typer.Exit(BAD_INPUT if isinstance(error, InvalidInput | NotFound) else BROKEN) from None
    except Terminated:
        raise typer.Exit(TERMINATED) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        # Whoever read our output (`| head`) has seen enough. Python would complain again while it closes stdout.
        sys.stdout = None
        raise typer.Exit(OK) from None
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        _tell(f"{error.strerror or error}{where}", verbose=verbose)
        raise typer.Exit(BROKEN) from None
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except Exception as error:
        hint = "" if verbose else " (-v shows where)"
        _tell(f"unexpected {type(error).__name__}: {error}{hint}", verbose=verbose)
        raise typer.Exit(BROKEN) from None


def _tell(message: str, *, fix: str = "", verbose: bool) -> None:
    if verbose:
        traceback.print_exc()
    console = Console(stderr=True)
    console.print(f"[bold red]error:[/] {escape(message)}", soft_wrap=True, highlight=False)
    if fix:
        console.print(f"[bold]mend it:[/] {escape(fix)}", soft_wrap=True, highlight=False)


def read_settings() -> Settings:
    """The settings of this process: defaults < file < environment. Raises InvalidSetting."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from services.common.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidSetting(f"settings: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except (SettingsError, tomllib.TOMLDecodeError) as error:
        raise InvalidSetting(f"settings: {error}") from None


def prepared(*, verbose: bool) -> Settings:
    """Settings read, logs set up (errors only unless `verbose`), thread pools capped before a library makes them."""
    settings = read_settings()
    from services.common.device import limit_threads
    from services.common.logs import UnknownLogSetting, set_up_logs

    limit_threads(settings.compute.threads_per_call)
    try:
        set_up_logs(settings.log_format, settings.log_level if verbose else "error")
    except UnknownLogSetting as error:
        raise InvalidSetting(f"settings: {error}") from None
    if not verbose:
        warnings.simplefilter("ignore")
    return settings


class Terminated(BaseException):
    """SIGTERM came, and the work was cancelled in good order."""


def run(work: Coroutine[Any, Any, Result], *, console: Console | None = None) -> Result:
    """Run to the end. Ctrl-C and SIGTERM cancel it in good order, as `console` is told; a second one does not wait.

    Raises KeyboardInterrupt or Terminated after such an end.
    """
    caught: list[int] = []
    cancels: list[Callable[[], object]] = []

    async def guarded() -> Result:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None

        def cancel() -> None:
            if console is not None:
                # A model that is being loaded cannot be interrupted, only waited for.
                console.print("stopping (Ctrl-C again: at once)", highlight=False)
            task.cancel()

        # From the loop, not from the signal's handler: that may have come in the middle of another line.
        cancels.append(lambda: loop.call_soon_threadsafe(cancel))
        return await work

    def stop(number: int, _frame: FrameType | None) -> None:
        caught.append(number)
        if len(caught) > 1:
            _leave_at_once(number)
        for cancel in cancels:
            cancel()

    # Ours until the loop is closed: what is waited for then are threads, which may take long or for ever.
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        return asyncio.run(guarded())
    except asyncio.CancelledError:
        raise Terminated if caught and caught[0] == signal.SIGTERM else KeyboardInterrupt from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave_at_once(number: int) -> None:
    """A thread inside a model's native code cannot be stopped; the process can."""
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)
