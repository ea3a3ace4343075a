"""A skip is told from a failure by the machine it happens on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

TESTS = """
import pytest

def test_of_data(media_dir):
    pass

def test_of_a_gpu():
    pytest.skip("there is no GPU")

@pytest.mark.xfail
def test_of_a_known_weakness():
    assert False
"""


@pytest.mark.parametrize(
    ("required", "outcome"), [("0", "2 skipped, 1 xfailed"), ("1", "1 skipped, 1 xfailed, 1 error")]
)
def test_missing_data_fails_only_where_they_must_be_there(tmp_path: Path, required: str, outcome: str):
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    (tmp_path / "test_sample.py").write_text(TESTS)
    environment = {"REELSCRIBE_REQUIRE_TEST_DATA": required, "REELSCRIBE_TEST_DATA": str(tmp_path)}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)]
    told = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert outcome in told.stdout.splitlines()[-1]
    assert ("REELSCRIBE_REQUIRE_TEST_DATA=1" in told.stdout) == (required == "1")
