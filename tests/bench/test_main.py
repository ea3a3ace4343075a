from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench.__main__ import NAMES
from tests.bench.sheets import ROOT


def test_every_script_is_listed():
    assert sorted(NAMES) == sorted(file.stem for file in Path(ROOT / "bench").glob("[!_]*.py"))


def test_an_unknown_name_is_refused():
    done = subprocess.run([sys.executable, "-m", "bench", "speed"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2
    assert "there is no benchmark 'speed'" in done.stderr
