"""`reelscribe demo`: a clip of known content, its report, and how the two compare."""

from __future__ import annotations

import io
import json

import pytest

from reelscribe.cli.demo import _print_checks
from reelscribe.demo.sources import VOICE, PhotosMissing, find_photos
from reelscribe.demo.truth import Check
from services.common.catalogue import find
from services.common.weights import is_installed
from tests.reelscribe.cli.conftest import Program


def test_what_was_missed_is_marked() -> None:
    stream = io.StringIO()
    checks = [Check(name="cuts", ok=True, detail="5/5 cuts found"), Check(name="speech", ok=False, detail="3/9 words")]
    _print_checks(stream, checks)
    assert "✔ 5/5 cuts found" in stream.getvalue()
    assert "✘ 3/9 words" in stream.getvalue()


def test_makes_the_clip_and_analyzes_it(program: Program) -> None:
    if not is_installed(find(VOICE)):
        pytest.skip("the demo's voice is not installed; `reelscribe demo` fetches it")
    try:
        find_photos()
    except PhotosMissing as missing:
        pytest.skip(f"{missing}; {missing.fix}")
    done = program("demo", "--out", "out", fakes="seconds,loud")
    assert done.returncode == 0, done.stderr
    assert "making the clip" in done.stderr
    out = program.directory / "out"
    names = {path.name for path in out.iterdir()}
    assert {"reelscribe-demo.groundtruth.json", "reelscribe-demo.mp4", "report.json", "report.html"} <= names
    assert 'src="reelscribe-demo.mp4"' in (out / "report.html").read_text(), "the page plays the clip beside it"
    report = json.loads((out / "report.json").read_text())
    assert report["summary"]["okCount"] == 2
    assert "compared with what is truly in the clip" in done.stdout
    assert done.stdout.rstrip().endswith("look at it: out/report.html")
