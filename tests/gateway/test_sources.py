from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gateway.sources import allowed_path, source
from gateway.uploads import Uploads
from reelscribe.v1.analysis_pb2 import AnalyzeVideoRequest
from services.common.errors import InvalidInput, NotFound, PathNotAllowed, ReelscribeError, TooLarge
from services.common.settings import GatewaySettings
from tests.waiting import until


class Site(BaseHTTPRequestHandler):
    """/clip.mp4 is 2000 bytes, /endless never ends, /none is not there."""

    asked = threading.Event()

    def do_GET(self) -> None:
        if self.path == "/none":
            self.send_error(404)
            return
        self.send_response(200)
        self.end_headers()
        if self.path == "/endless":
            self._never_end()
        else:
            self.wfile.write(bytes(2000))

    def _never_end(self) -> None:
        self.asked.set()
        try:
            while True:
                self.wfile.write(bytes(1 << 16))
        except OSError:
            pass

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def settings(folder: Path, **fields: object) -> GatewaySettings:
    given = {"upload_directory": folder / "uploads", "allow_urls": True, "upload_bytes": 3000} | fields
    return GatewaySettings(**given)  # type: ignore[arg-type]


async def taken(folder: Path, here: GatewaySettings, **request: str) -> tuple[str, bytes]:
    with Uploads(here) as uploads:
        async with source(AnalyzeVideoRequest(**request), uploads, here) as found:  # type: ignore[arg-type]
            content = found.path.read_bytes()
    return found.name, content


async def test_a_path_under_a_root_is_taken(tmp_path: Path):
    (tmp_path / "clip.mp4").write_bytes(b"video")
    here = settings(tmp_path, allowed_roots=(tmp_path,))
    assert await taken(tmp_path, here, path=str(tmp_path / "clip.mp4")) == ("clip.mp4", b"video")


@pytest.fixture
def rooted(tmp_path: Path) -> Path:
    """A root, beside it a secret, and ways that lead there."""
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.mp4").write_bytes(b"secret")
    (root / "link.mp4").symlink_to(tmp_path / "secret.mp4")
    (root / "folder.mp4").mkdir()
    (root / "loop.mp4").symlink_to(root / "loop.mp4")
    return root


@pytest.mark.parametrize(
    "text",
    ["{root}/../secret.mp4", "{root}/link.mp4", "/etc/passwd", "root/clip.mp4", "", "{root}/a\0b", "{root}/loop.mp4"],
)
def test_ways_out_of_the_roots_are_closed(rooted: Path, text: str):
    with pytest.raises((PathNotAllowed, NotFound)) as refused:
        allowed_path(text.format(root=rooted), (rooted,))
    assert "loop" in text or isinstance(refused.value, PathNotAllowed)


@pytest.mark.parametrize("name", ["none.mp4", "folder.mp4"])
def test_what_is_no_file_inside_is_not_found(rooted: Path, name: str):
    with pytest.raises(NotFound):
        allowed_path(str(rooted / name), (rooted,))


def test_without_roots_no_path_is_allowed(rooted: Path):
    with pytest.raises(PathNotAllowed):
        allowed_path(str(rooted / "folder.mp4"), ())


async def test_a_request_without_a_source_is_refused(tmp_path: Path):
    with pytest.raises(InvalidInput):
        await taken(tmp_path, settings(tmp_path))


async def test_a_url_is_fetched_and_removed_at_the_end(tmp_path: Path, site: str):
    assert await taken(tmp_path, settings(tmp_path), url=f"{site}/clip.mp4") == ("clip.mp4", bytes(2000))
    assert list((tmp_path / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("{site}/none", NotFound),
        ("{site}/endless", TooLarge),
        ("file:///etc/passwd", PathNotAllowed),
        ("ftp://127.0.0.1/clip.mp4", PathNotAllowed),
        ("http://127.0.0.1:1/clip.mp4", NotFound),
        ("http://[::1/clip.mp4", NotFound),
        ("http://", NotFound),
        ("clip.mp4", PathNotAllowed),
    ],
)
async def test_what_cannot_be_fetched_is_told_and_leaves_nothing(
    tmp_path: Path, site: str, url: str, error: type[ReelscribeError]
):
    with pytest.raises(error):
        await taken(tmp_path, settings(tmp_path), url=url.format(site=site))
    assert list((tmp_path / "uploads").iterdir()) == []


async def test_urls_are_refused_where_settings_do_not_allow_them(tmp_path: Path, site: str):
    with pytest.raises(PathNotAllowed, match="allow_urls"):
        await taken(tmp_path, settings(tmp_path, allow_urls=False), url=f"{site}/clip.mp4")


async def test_leaving_during_a_download_ends_it_and_leaves_nothing(tmp_path: Path, site: str):
    Site.asked.clear()
    here = settings(tmp_path, upload_bytes=1 << 40)
    task = asyncio.create_task(taken(tmp_path, here, url=f"{site}/endless"))
    assert await asyncio.to_thread(Site.asked.wait, 30)
    await until(lambda: list((tmp_path / "uploads").glob("url-*")))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert list((tmp_path / "uploads").iterdir()) == []
