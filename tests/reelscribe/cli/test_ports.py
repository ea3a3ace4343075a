"""Addresses of this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from reelscribe.cli.ports import Address, address_of, is_taken, nats_address, nats_info
from tests.nats_server import NatsServer


@pytest.fixture
def listener() -> Iterator[Address]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield Address(host="127.0.0.1", port=server.getsockname()[1])


def test_addresses_are_read_and_written() -> None:
    assert address_of("gateway:50050") == Address(host="gateway", port=50050)
    assert str(address_of("[::1]:50050")) == "[::1]:50050"
    with pytest.raises(ValueError, match="not host:port"):
        address_of("gateway")


def test_who_listens_everywhere_is_dialled_at_home() -> None:
    assert str(address_of("0.0.0.0:50050").dialled) == "127.0.0.1:50050"
    assert str(address_of("[::]:50050").dialled) == "[::1]:50050"
    assert address_of("0.0.0.0:50050").is_local
    assert not address_of("gateway:50050").is_local


def test_a_nats_url_may_say_little() -> None:
    assert nats_address("nats://user:secret@nats:4333") == Address(host="nats", port=4333)
    assert nats_address("nats://nats") == Address(host="nats", port=4222)
    assert nats_address("one:4333,two:4333") == Address(host="one", port=4333)


def test_a_port_is_taken_while_somebody_listens(listener: Address) -> None:
    assert is_taken(listener)


def test_a_port_is_free_when_nobody_does() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = Address(host="127.0.0.1", port=server.getsockname()[1])
    assert not is_taken(address)
    assert nats_info(address) is None


def test_a_nats_server_says_what_it_can(nats_server: NatsServer) -> None:
    info = nats_info(nats_address(nats_server.url))
    assert info is not None
    assert info["jetstream"] is True


def test_what_listens_and_is_no_nats_server_is_none(listener: Address) -> None:
    assert nats_info(listener) is None
