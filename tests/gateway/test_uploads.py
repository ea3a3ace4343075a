from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from gateway.uploads import Uploads
from reelscribe.v1.analysis_pb2 import UploadStart, UploadVideoRequest
from services.common.errors import InvalidInput, NotFound, ReelscribeError, TooLarge
from services.common.settings import GatewaySettings

DATA = os.urandom(2500)
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def uploads(tmp_path: Path) -> Iterator[Uploads]:
    with Uploads(GatewaySettings(upload_directory=tmp_path, upload_bytes=3000)) as made:
        yield made
    assert list(tmp_path.iterdir()) == []


def start(name: str = "clip.mp4", **fields: object) -> UploadVideoRequest:
    return UploadVideoRequest(start=UploadStart(name=name, **fields))  # type: ignore[arg-type]


def chunks(data: bytes = DATA) -> list[UploadVideoRequest]:
    return [UploadVideoRequest(chunk=data[first : first + 1000]) for first in range(0, len(data), 1000)]


async def sent(*requests: UploadVideoRequest) -> AsyncIterator[UploadVideoRequest]:
    for request in requests:
        yield request


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_file_arrives_whole(uploads: Uploads):
    upload = await uploads.take(sent(start(size_bytes=2500, sha256=SHA256.upper()), *chunks()))
    assert upload.path.read_bytes() == DATA
    assert (upload.name, upload.size_bytes, upload.sha256) == ("clip.mp4", 2500, SHA256)
    assert uploads.find(upload.upload_id) == upload


@pytest.mark.parametrize(
    ("requests", "error"),
    [
        ([], InvalidInput),
        (chunks(), InvalidInput),
        ([start()], InvalidInput),
        ([start(), start()], InvalidInput),
        ([start(size_bytes=2501), *chunks()], InvalidInput),
        ([start(size_bytes=2500), *chunks()[:-1]], InvalidInput),
        ([start(sha256="0" * 64), *chunks()], InvalidInput),
        ([start(), *chunks(DATA * 2)], TooLarge),
        ([start(size_bytes=5000), *chunks()], TooLarge),
    ],
)
async def test_what_is_not_as_announced_leaves_nothing(
    uploads: Uploads, tmp_path: Path, requests: list[UploadVideoRequest], error: type[ReelscribeError]
):
    with pytest.raises(error):
        await uploads.take(sent(*requests))
    assert files(tmp_path) == []


async def test_one_that_stops_half_way_leaves_nothing(uploads: Uploads, tmp_path: Path):
    begun = asyncio.Event()

    async def stopping() -> AsyncIterator[UploadVideoRequest]:
        yield start()
        yield chunks()[0]
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(uploads.take(stopping()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert files(tmp_path) == []


async def test_a_name_cannot_lead_out_of_the_directory(uploads: Uploads, tmp_path: Path):
    upload = await uploads.take(sent(start("../../etc/passwd"), *chunks()))
    assert upload.name == "passwd"
    assert upload.path.is_relative_to(tmp_path)


async def test_one_that_has_expired_is_not_found_and_its_file_is_gone(tmp_path: Path):
    settings = GatewaySettings(upload_directory=tmp_path, upload_keep_s=1e-6)
    with Uploads(settings) as uploads:
        upload = await uploads.take(sent(start(), *chunks()))
        with pytest.raises(NotFound):
            uploads.find(upload.upload_id)
        assert files(tmp_path) == []


async def test_one_that_is_read_is_kept_until_it_is_not(tmp_path: Path):
    settings = GatewaySettings(upload_directory=tmp_path, upload_keep_s=2.0)
    with Uploads(settings) as uploads:
        upload = await uploads.take(sent(start(), *chunks()))
        with uploads.using(upload.upload_id):
            await asyncio.sleep(2.1)
            with pytest.raises(NotFound):
                uploads.find(upload.upload_id)
            assert upload.path.read_bytes() == DATA
        with pytest.raises(NotFound):
            uploads.find(upload.upload_id)
        assert files(tmp_path) == []


async def test_an_unknown_one_is_not_found(uploads: Uploads):
    with pytest.raises(NotFound):
        uploads.find("../clip.mp4")
