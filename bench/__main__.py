"""`python -m bench [NAME ...] [options]`: the named benchmarks, or all, one after another, each in a new process."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from bench.common.sheet import OUT_DIR
from services.common.device import limit_threads

NAMES = (
    "decode_once", "by_reference", "overhead", "memory", "first_finding", "rectangular", "peers", "ocr_gate",
    "transcription", "accuracy", "vlm_gpu",
)  # fmt: skip
"""In the order they run: a benchmark that says how trustworthy the machine is comes before the long ones."""

WITH_OWN_OPTIONS = {"vlm_gpu": ("--json", "{out}/vlm_gpu.json")}
"""Those that do not take `--out` and the other shared options, and what they are started with."""


def main() -> int:
    """Run them; 1 if a script broke, 0 otherwise: figures are no verdict."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Benchmarks. Options after the names go to each of them: see python -m bench.NAME --help.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"default: all of {', '.join(NAMES)}")
    parser.add_argument("--out", type=Path, default=OUT_DIR, help="where the JSON goes (default: bench/out)")
    arguments, passed_on = parser.parse_known_args()
    for name in arguments.names:
        if name not in NAMES:
            parser.error(f"there is no benchmark {name!r}; there are {', '.join(NAMES)}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    # Inherited: numeric libraries read their limits when they are imported.
    limit_threads(1)
    broken = [name for name in arguments.names or NAMES if not _ran(name, arguments.out, passed_on)]
    if broken:
        print(f"broken: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


def _ran(name: str, out: Path, passed_on: list[str]) -> bool:
    own = [option.format(out=out) for option in WITH_OWN_OPTIONS.get(name, ())]
    options = own or ["--out", str(out), *passed_on]
    started_s = time.monotonic()
    done = subprocess.run([sys.executable, "-m", f"bench.{name}", *options], check=False)
    print(f"({name}: {time.monotonic() - started_s:.0f} s)\n", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    raise SystemExit(main())
