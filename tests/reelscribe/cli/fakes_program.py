"""The `reelscribe` program with the tests' own analyzers in place of the real ones; run as a process by tests."""

from __future__ import annotations

import faulthandler
import os
from functools import partial

import reelscribe.embedded
from reelscribe.cli import main
from tests import fakes

FAKES_VARIABLE = "REELSCRIBE_TEST_FAKES"
"""Names of the analyzers that are there."""

VISION = (
    *(fakes.Seconds, fakes.Brightness, fakes.Silent, fakes.Failing),
    *(fakes.Hanging, fakes.Sleeping, fakes.Weightless),
)
AUDIO = (fakes.Loud,)

if __name__ == "__main__":
    # Sent SIGABRT, it says where each thread is: to a copy of stderr, since the program keeps its own for itself.
    faulthandler.enable(file=os.fdopen(os.dup(2), "w"))
    names = os.environ.get(FAKES_VARIABLE, "seconds,silent,loud").split(",")
    catalogue = {
        "vision": tuple(kind for kind in VISION if kind.name in names),
        "audio": tuple(kind for kind in AUDIO if kind.name in names),
    }
    reelscribe.embedded.embedded = partial(
        reelscribe.embedded.embedded, catalogue={name: kinds for name, kinds in catalogue.items() if kinds}
    )
    main()
