"""A hub's files arrive whole, go on after a cut, and a hub that is not there is left at once."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from reelscribe.models.hub import ATTEMPT_COUNT, SILENCE_S, HostUnreachable, SourceFailed, announce, download, url_of
from services.common.catalogue import HubSource
from tests.reelscribe.models.hub_server import Hub, etag_of, git_etag_of

DATA = bytes(range(256)) * 4000
HALF = len(DATA) // 2


class Steps(list[tuple[int, int | None]]):
    def __call__(self, done: int, total: int | None) -> None:
        self.append((done, total))


def test_a_file_arrives_whole_and_says_how_far_it_is(hub: Hub, tmp_path: Path) -> None:
    hub.files["/f"] = DATA
    steps = Steps()
    download(f"{hub.url}/f", tmp_path / "f.part", steps)
    assert (tmp_path / "f.part").read_bytes() == DATA
    assert steps[-1] == (len(DATA), len(DATA))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


def test_a_cut_connection_goes_on_from_where_it_was(hub: Hub, tmp_path: Path) -> None:
    hub.files["/f"] = DATA
    hub.cut_after_bytes = [HALF]
    download(f"{hub.url}/f", tmp_path / "f.part", Steps())
    assert (tmp_path / "f.part").read_bytes() == DATA
    assert hub.ranges == ["", f"bytes={HALF}-"]


def test_what_an_earlier_run_left_is_not_fetched_again(hub: Hub, tmp_path: Path) -> None:
    hub.files["/f"] = DATA
    (tmp_path / "f.part").write_bytes(DATA[:HALF])
    steps = Steps()
    download(f"{hub.url}/f", tmp_path / "f.part", steps)
    assert (tmp_path / "f.part").read_bytes() == DATA
    assert hub.ranges == [f"bytes={HALF}-"]
    assert steps[0][0] > HALF
    assert steps[-1] == (len(DATA), len(DATA))


def test_a_server_without_ranges_begins_anew(hub: Hub, tmp_path: Path) -> None:
    hub.files["/f"] = DATA
    hub.knows_ranges = False
    hub.cut_after_bytes = [HALF]
    download(f"{hub.url}/f", tmp_path / "f.part", Steps())
    assert (tmp_path / "f.part").read_bytes() == DATA


def test_a_part_that_is_already_whole_costs_one_question(hub: Hub, tmp_path: Path) -> None:
    hub.files["/f"] = DATA
    (tmp_path / "f.part").write_bytes(DATA)
    download(f"{hub.url}/f", tmp_path / "f.part", Steps())
    assert (tmp_path / "f.part").read_bytes() == DATA
    assert len(hub.requests) == 1


def test_a_part_longer_than_the_file_is_thrown_away(hub: Hub, tmp_path: Path) -> None:
    hub.files["/f"] = DATA
    (tmp_path / "f.part").write_bytes(DATA + b"more")
    download(f"{hub.url}/f", tmp_path / "f.part", Steps())
    assert (tmp_path / "f.part").read_bytes() == DATA


def test_cut_time_and_again_it_gives_up_and_keeps_what_came(hub: Hub, tmp_path: Path) -> None:
    hub.files["/f"] = DATA
    hub.cut_after_bytes = [1000] * ATTEMPT_COUNT
    with pytest.raises(SourceFailed, match=r"cut after 5000 bytes; the next pull goes on from there"):
        download(f"{hub.url}/f", tmp_path / "f.part", Steps())
    assert (tmp_path / "f.part").read_bytes() == DATA[:5000]


def test_a_file_the_hub_does_not_have_is_one_line_of_why(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match="answers 404 Not Found"):
        download(f"{hub.url}/none", tmp_path / "f.part", Steps())


def test_a_hub_that_is_not_there_fails_fast(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/f"
        begun_s = time.monotonic()
        with pytest.raises(HostUnreachable, match="cannot be reached"):
            download(url, tmp_path / "f.part", Steps())
        with pytest.raises(HostUnreachable, match="cannot be reached"):
            announce(url)
    assert time.monotonic() - begun_s < SILENCE_S


def test_a_redirect_to_a_storage_host_is_followed_for_the_bytes(hub: Hub, tmp_path: Path) -> None:
    hub.files["/f"] = DATA
    hub.stores_elsewhere = True
    hub.cut_after_bytes = [HALF]
    download(f"{hub.url}/f", tmp_path / "f.part", Steps())
    assert (tmp_path / "f.part").read_bytes() == DATA


def test_the_hubs_own_answer_says_size_and_sha256_of_a_stored_file(hub: Hub) -> None:
    hub.files["/f"] = DATA
    hub.stores_elsewhere = True
    announced = announce(f"{hub.url}/f")
    assert (announced.size_bytes, announced.sha256) == (len(DATA), etag_of(DATA))
    assert [path for _, path, _ in hub.requests] == ["/f"]


def test_a_small_file_is_announced_by_gits_name_for_it(hub: Hub) -> None:
    hub.files["/f"] = DATA
    hub.etags["/f"] = git_etag_of(DATA)
    announced = announce(f"{hub.url}/f")
    assert (announced.size_bytes, announced.sha256, announced.git_sha1) == (len(DATA), None, git_etag_of(DATA))


def test_an_etag_that_is_no_digest_promises_nothing(hub: Hub) -> None:
    hub.files["/f"] = DATA
    hub.etags["/f"] = "0x8DCF3B1E5A3C1D0"
    announced = announce(f"{hub.url}/f")
    assert (announced.sha256, announced.git_sha1) == (None, None)


def test_a_mirror_stands_in_for_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    source = HubSource(repo="owner/model", file="a b.bin", revision="main")
    assert url_of(source) == "https://huggingface.co/owner/model/resolve/main/a%20b.bin"
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example/")
    assert url_of(source) == "https://mirror.example/owner/model/resolve/main/a%20b.bin"
