"""`python -m reelscribe`: the same program, by the interpreter it is installed in."""

from __future__ import annotations

from reelscribe.cli import main

main()
