"""Ports for what tests start: no two of a run are the same, and none is one that the system gives to others."""

from __future__ import annotations

import itertools
import os
import random
import socket
from functools import cache

FIRST_PORT = 12_000
"""Below 32768, where Linux begins to give ports to connections and to servers that ask for any."""

SHARE_COUNT = 1_000
"""For each worker of pytest-xdist; a run of all tests takes a few hundred."""

WORKER_LIMIT = 16


def free_address() -> str:
    """127.0.0.1 with a port nobody listens on now, and which nobody else of this run is given later."""
    for port in _own_ports():
        with socket.socket() as probe:
            # As servers do: a connection that has ended there is in nobody's way.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return f"127.0.0.1:{port}"
    raise AssertionError("a cycle has no end")


@cache
def _own_ports() -> itertools.cycle[int]:
    """The worker's share, from some place in it on: another run on this machine begins elsewhere."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKER_LIMIT
    first = FIRST_PORT + worker * SHARE_COUNT
    begin = random.Random(os.getpid()).randrange(SHARE_COUNT)
    return itertools.cycle(first + (begin + step) % SHARE_COUNT for step in range(SHARE_COUNT))
