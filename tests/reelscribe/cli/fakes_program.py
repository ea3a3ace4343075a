"""The `reelscribe` program with the tests' own analyzers in place of the real ones; run as a process by tests."""

from __future__ import annotations

from functools import partial

import reelscribe.embedded
from reelscribe.cli import main
from tests import fakes

CATALOGUE = {
    "vision": (fakes.Seconds, fakes.Brightness, fakes.Silent, fakes.Failing, fakes.Hanging, fakes.Weightless, fakes.Sleeping),
    "audio": (fakes.Loud,),
}

if __name__ == "__main__":
    reelscribe.embedded.embedded = partial(reelscribe.embedded.embedded, catalogue=CATALOGUE)
    main()
