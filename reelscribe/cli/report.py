"""`reelscribe report`: a report on disk becomes its page and all other formats again, without analyzing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reelscribe.cli import options
from reelscribe.cli.directory import Directory
from reelscribe.cli.ending import told
from services.common.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from reelscribe.v1.analysis_pb2 import Report

EPILOG = """\
Examples:

  reelscribe report clip/report.json --language de\n
  reelscribe report clip.report.json --video clip.mp4 --out clip/\n
  reelscribe report clip/report.json --formats otio,coco,video-indexer

Exit codes: 0 all well; 2 no report, or another report's video.
"""

app = typer.Typer(add_completion=False)


@app.command(epilog=EPILOG)
def report(
    file: Annotated[Path, typer.Argument(metavar="REPORT", help="What analyze wrote.", show_default=False)],
    video: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The clip, for keyframes. Default: its name beside the report, if it is it."),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Default: where the report is.")] = None,
    language: options.Language = "en",
    formats: options.Formats = None,
    verbose: options.Traceback = False,
    quiet: options.Quiet = False,
) -> None:
    """Render a report again, as a page and in all other formats, without analyzing.

    Keyframes are decoded from the clip. Without it those beside the report
    are taken, if there are any.
    """
    with told(verbose=verbose):
        read = read_report(file)
        clip = the_clip(read, file, video)
        directory = Directory(path=out or file.parent, language=language, formats=options.names_in(formats))
        directory.prepare()
        written = directory.write(read, clip, lambda text: sys.stderr.write(f"{text}\n"), standing=file)
        if not quiet:
            for path in written:
                sys.stdout.write(f"written {path}\n")


def read_report(file: Path) -> Report:
    """Raises NotFound, or InvalidInput for what is no report."""
    from google.protobuf.json_format import ParseError

    from reelscribe.report.json import from_json

    if not file.is_file():
        raise NotFound(f"there is no file {file}")
    try:
        return from_json(file.read_text(encoding="utf-8"))
    except (ParseError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{file} is no report: {' '.join(str(error).split())[:200]}") from None


def the_clip(read: Report, file: Path, video: Path | None) -> Path | None:
    """The video named, or the one of the report's name beside it; None if there is none of the same bytes.

    Raises NotFound, or InvalidInput if the one named is another video.
    """
    from services.common.weights import file_sha256

    beside = file.parent / Path(read.video.name).name if read.video.name else None
    candidate = video or (beside if beside and beside.is_file() else None)
    if candidate is None:
        return None
    if not candidate.is_file():
        raise NotFound(f"there is no file {candidate}")
    if read.video.sha256 and file_sha256(candidate) != read.video.sha256:
        if video is None:
            return None
        raise InvalidInput(f"{candidate} is another video than the one that {file} is about")
    return candidate
