"""Options that several commands share, spelled once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from services.common.errors import InvalidInput

if TYPE_CHECKING:
    from reelscribe.v1.analyzer_pb2 import Setting

Analyzers = Annotated[
    str | None,
    typer.Option("--analyzers", "-a", metavar="A,B", help="Only these, separated by commas. Default: all there are."),
]
Gateway = Annotated[
    str | None,
    typer.Option("--gateway", "-g", metavar="HOST:PORT", help="A running gateway. Default: all in this process."),
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", "-s", metavar="NAME=VALUE", help="One analyzer's setting: texts.reader=easyocr."),
]
Deadline = Annotated[
    float | None,
    typer.Option(metavar="SECONDS", min=0.1, help="Longest time for a clip; what is not done by then is TIMED_OUT."),
]
Language = Annotated[
    str, typer.Option(metavar="en|de", help="What the page speaks. Findings and the other formats stay as they are.")
]
Formats = Annotated[
    str | None,
    typer.Option("--formats", metavar="A,B", help="Only these of the directory's files, or others: coco,otio,cvat ..."),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Logs instead of lanes, and the traceback of an error.")]
Traceback = Annotated[bool, typer.Option("--verbose", "-v", help="The traceback of an error, too.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Neither progress nor summary; errors only.")]


def names_in(text: str | None) -> tuple[str, ...]:
    """ "a, b" as names, each once; empty without a text."""
    return tuple(dict.fromkeys(name.strip() for name in (text or "").split(",") if name.strip()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of every clip of a run."""

    analyzers: tuple[str, ...] = ()
    """Empty: all there are."""
    settings: tuple[Setting, ...] = ()
    deadline_s: float | None = None


def wanted(analyzers: str | None, settings: Sequence[str] | None, deadline_s: float | None = None) -> Wanted:
    """The options as typed values. Raises InvalidInput or InvalidSetting."""
    from services.common.setting import parse

    names = names_in(analyzers)
    if analyzers is not None and not names:
        raise InvalidInput("--analyzers names none")
    return Wanted(
        analyzers=names,
        settings=tuple(parse(text) for text in settings or ()),
        deadline_s=deadline_s,
    )
