from __future__ import annotations

from concurrent import futures
from pathlib import Path

import grpc
import numpy as np
import pytest

from reelscribe.v1.media_pb2 import MediaReference
from services.common.errors import MediaDirectoryFull, MediaLost, NotFound
from services.common.media import MediaReader, MediaStore


@pytest.fixture
def store(tmp_path: Path):
    with MediaStore(tmp_path / "media", budget_bytes=1 << 20) as store:
        yield store


def test_what_is_laid_down_is_read_back_by_reference(store: MediaStore):
    frames = np.random.default_rng(0).integers(0, 256, (3, 5, 7, 3), dtype=np.uint8)
    samples = np.linspace(-1, 1, 100, dtype=np.float32)
    references = store.write("a1", [frames, samples])
    reader = MediaReader(store.directory)
    assert np.array_equal(reader.open(references[0]).reshape(frames.shape), frames)
    assert np.array_equal(reader.open(references[1]).view(np.float32), samples)


def test_a_reader_cannot_write(store: MediaStore):
    (reference,) = store.write("a1", [np.zeros(10, np.uint8)])
    with pytest.raises(ValueError, match="read-only"):
        MediaReader(store.directory).open(reference)[0] = 1


def test_what_is_mapped_outlives_its_release(store: MediaStore):
    (reference,) = store.write("a1", [np.full(10, 7, np.uint8)])
    mapped = MediaReader(store.directory).open(reference)
    store.release(reference.segment)
    assert mapped.tolist() == [7] * 10
    with pytest.raises(MediaLost):
        MediaReader(store.directory).open(reference)


def test_a_full_budget_is_refused_and_leaves_nothing(store: MediaStore):
    store.write("a1", [np.zeros(1 << 19, np.uint8)])
    with pytest.raises(MediaDirectoryFull):
        store.write("a1", [np.zeros(1 << 20, np.uint8)])
    assert store.used_bytes == 1 << 19
    assert len(list(store.directory.glob("*.a1.*"))) == 1


def test_a_full_file_system_is_a_clean_error_and_leaves_nothing(store: MediaStore, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.posix_fallocate", full)
    with pytest.raises(MediaDirectoryFull, match="No space left"):
        store.write("a1", [np.zeros(10, np.uint8)])
    assert store.used_bytes == 0
    assert not list(store.directory.glob("*.a1.*"))


def test_nothing_is_left_at_the_end(tmp_path: Path):
    with MediaStore(tmp_path, budget_bytes=1 << 20) as store:
        store.write("a1", [np.zeros(10, np.uint8)])
    assert list(tmp_path.iterdir()) == []


def test_what_a_dead_gateway_left_is_removed_and_what_a_live_one_has_is_not(tmp_path: Path):
    (tmp_path / "dead.lock").touch()
    (tmp_path / "dead.a1.1").write_bytes(b"left")
    with MediaStore(tmp_path, budget_bytes=1 << 20) as first:
        (reference,) = first.write("a2", [np.zeros(10, np.uint8)])
        assert not (tmp_path / "dead.a1.1").exists()
        with MediaStore(tmp_path, budget_bytes=1 << 20):
            assert (tmp_path / reference.segment).exists()


@pytest.mark.parametrize("segment", ["../secret", "/etc/passwd", "..", ".hidden", "a/b.c", "", "x" * 5])
def test_a_name_that_leaves_the_directory_is_no_segment(tmp_path: Path, segment: str):
    (tmp_path.parent / "secret").write_bytes(b"secret")
    with pytest.raises(MediaLost):
        MediaReader(tmp_path).open(MediaReference(segment=segment, size_bytes=1))


def test_ranges_are_read_in_chunks_and_not_past_the_end(store: MediaStore):
    data = np.arange(256, dtype=np.uint8)
    (reference,) = store.write("a1", [data])
    assert b"".join(store.read(reference.segment, 10, 20)) == data[10:30].tobytes()
    with pytest.raises(ValueError, match="outside"):
        list(store.read(reference.segment, 250, 100))
    with pytest.raises(NotFound):
        list(store.read("nobody.a1.1", 0, 1))


async def test_another_host_reads_the_same_bytes_through_the_gateway(tmp_path: Path):
    from gateway.api import MediaDoor
    from reelscribe.v1.media_pb2_grpc import add_MediaServiceServicer_to_server

    server = grpc.aio.server(futures.ThreadPoolExecutor(1))
    port = server.add_insecure_port("127.0.0.1:0")
    with MediaStore(tmp_path / "here", budget_bytes=8 << 20, media_service_address=f"127.0.0.1:{port}") as store:
        add_MediaServiceServicer_to_server(MediaDoor(store), server)
        await server.start()
        data = np.random.default_rng(0).integers(0, 256, 3 << 20, dtype=np.uint8)
        (reference,) = store.write("a1", [data])
        elsewhere = MediaReader(tmp_path / "elsewhere")
        import asyncio

        assert np.array_equal(await asyncio.to_thread(elsewhere.open, reference), data)
        store.release(reference.segment)
        with pytest.raises(MediaLost):
            await asyncio.to_thread(elsewhere.open, reference)
        elsewhere.close()
        await server.stop(0)
