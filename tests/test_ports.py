from __future__ import annotations

import socket

from tests.ports import SHARE_COUNT, free_address


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])


def test_no_port_is_given_twice_and_none_is_one_of_the_systems() -> None:
    given = [port_of(free_address()) for _ in range(50)]
    assert len(set(given)) == 50
    assert max(given) < 32_768


def test_one_that_somebody_listens_on_is_passed_over() -> None:
    last = port_of(free_address())
    begin = last - last % SHARE_COUNT
    taken = begin + (last + 1) % SHARE_COUNT
    with socket.create_server(("127.0.0.1", taken)):
        assert port_of(free_address()) != taken
