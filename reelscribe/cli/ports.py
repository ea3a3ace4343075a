"""Addresses of this machine: is anybody there, is a port free, and is what listens a NATS server."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

DIAL_S = 1.0
"""A server of this machine or its network answers within this, or is taken for absent."""

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}
"""Who listens everywhere is dialled at home."""

NATS_PORT = 4222
LOCAL_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A host and a port, as listened on."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def dialled(self) -> Address:
        """The same as a client on this machine dials it."""
        return Address(host=ANYWHERE.get(self.host, self.host), port=self.port)

    @property
    def is_local(self) -> bool:
        """A program on this machine may listen there."""
        return self.dialled.host in LOCAL_HOSTS


def address_of(text: str) -> Address:
    """ "127.0.0.1:50050", "[::]:50050". Raises ValueError for anything else."""
    split = urlsplit(f"//{text}")
    if split.port is None:
        raise ValueError(f"{text!r} is not host:port")
    return Address(host=split.hostname or "", port=split.port)


def nats_address(url: str) -> Address:
    """The first server of a NATS URL."""
    first = url.split(",")[0].strip()
    split = urlsplit(first if "://" in first else f"nats://{first}")
    return Address(host=split.hostname or "", port=split.port or NATS_PORT)


def is_taken(address: Address) -> bool:
    """Somebody listens there. An address that is not this machine's is nobody's."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Connections that a server left behind when it ended do not hold the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError:
            return True
    return False


def nats_info(address: Address) -> dict[str, Any] | None:
    """What the NATS server there says of itself ("version", "jetstream" ...); None if there is none."""
    dialled = address.dialled
    try:
        with socket.create_connection((dialled.host, dialled.port), timeout=DIAL_S) as connection:
            connection.settimeout(DIAL_S)
            with connection.makefile("rb") as stream:
                line = stream.readline(1 << 16)
    except OSError:
        return None
    verb, _, text = line.partition(b" ")
    if verb != b"INFO":
        return None
    info: dict[str, Any] = json.loads(text)
    return info
