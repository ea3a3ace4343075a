"""The `reelscribe` program: its commands, each imported when it runs, so that `--help` waits for none of them."""

from __future__ import annotations

import importlib
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

HELP = """Turns a short video into one time-aligned account of what is seen, said, heard and written."""

EPILOG = """\
Examples:

  reelscribe doctor                 what is missing on this machine\n
  reelscribe demo                   a clip of known content, made and analyzed\n
  reelscribe analyze clip.mp4       what is in it; the report: clip.report.json\n
  reelscribe analyze clip.mp4 --out clip/    a page to look at: clip/report.html\n
  reelscribe analyze clip.mp4 --json - | jq .summary\n
  reelscribe batch clips/ --out reports/

Exit codes: 0 all well, 2 bad input, 3 some of it is not as it should be,
1 anything else, 130 Ctrl-C. Settings: reelscribe.toml, or the environment
(REELSCRIBE_GATEWAY__ADDRESS=0.0.0.0:50050).
"""

COMMANDS = {
    "analyze": "Analyze one video and tell what is in it.",
    "report": "Render a report again, as a page and in all other formats, without analyzing.",
    "retell": "Retell a video from its report, one line a second.",
    "schema": "Print the JSON Schema of reports.",
    "batch": "Analyze many videos, one report each, and go on where it was left.",
    "demo": "Make a clip with a known content, analyze it, and compare the two.",
    "models": "List, fetch and verify the weights that analyzers load.",
    "doctor": "Tell what is missing, too old or too small on this machine, and how to mend it.",
    "up": "Run NATS and the four processes on this machine; one Ctrl-C stops them all.",
    "serve": "Run one of the processes: gateway, vision, audio or vlm.",
    "version": "Print the version.",
}
"""In the order of the help."""


class LazyGroup(TyperGroup):
    """Knows its commands by name and summary; a command's module is imported when that command is called."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        for name, summary in COMMANDS.items():
            self.add_command(TyperCommand(name, help=summary), name)
        self._loaded: set[str] = set()

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] in COMMANDS and args[0] not in self._loaded:
            self.add_command(_load(args[0]), args[0])
            self._loaded.add(args[0])
        return super().resolve_command(ctx, args)


def _load(name: str) -> Any:
    module: Any = importlib.import_module(f"reelscribe.cli.{name}")
    whole: typer.Typer = module.app
    single = len(whole.registered_commands) == 1 and not whole.registered_groups
    command = get_command(whole) if single else get_group(whole)
    command.name = name
    return command


app = typer.Typer(
    name="reelscribe",
    cls=LazyGroup,
    help=HELP,
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _program() -> None:
    """A callback makes typer build a group, whose commands LazyGroup names."""


def main() -> None:
    """The entry point of the installed program."""
    app(prog_name="reelscribe")
