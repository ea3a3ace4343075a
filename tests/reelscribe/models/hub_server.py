"""A model hub on this machine: files over HTTP with ranges, redirects and digests, and ways to misbehave."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Hub:
    """What the server has and how it behaves; changed by a test while it runs."""

    files: dict[str, bytes] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    """Stated instead of the true sha256."""
    cut_after_bytes: list[int] = field(default_factory=list)
    """For each coming transfer: the connection is closed after so many bytes."""
    knows_ranges: bool = True
    stores_elsewhere: bool = False
    """Files are redirected to another host name, as a hub does with large ones."""
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, path and Range of each request."""
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ranges(self) -> list[str]:
        return [asked for method, _, asked in self.requests if method == "GET"]


def etag_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def git_etag_of(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


@contextmanager
def running_hub() -> Iterator[Hub]:
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def _answer(self, *, with_body: bool) -> None:
            hub.requests.append((self.command, self.path, self.headers.get("Range", "")))
            data = hub.files.get(self.path.removeprefix("/storage"))
            if data is None:
                self.send_error(404)
            elif hub.stores_elsewhere and not self.path.startswith("/storage"):
                self._redirect(data)
            else:
                self._send(data, with_body=with_body)

        def _redirect(self, data: bytes) -> None:
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{hub.port}/storage{self.path}")
            self.send_header("X-Linked-Etag", f'"{hub.etags.get(self.path, etag_of(data))}"')
            self.send_header("X-Linked-Size", str(len(data)))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _send(self, data: bytes, *, with_body: bool) -> None:
            begin = 0
            if hub.knows_ranges and (asked := self.headers.get("Range")):
                begin = int(asked.removeprefix("bytes=").removesuffix("-"))
                if begin >= len(data):
                    self.send_response(416)
                    self.send_header("Content-Range", f"bytes */{len(data)}")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(data) - begin))
            self.send_header("ETag", f'"{hub.etags.get(self.path, etag_of(data))}"')
            self.end_headers()
            if with_body:
                cut = hub.cut_after_bytes.pop(0) if hub.cut_after_bytes else None
                self.wfile.write(data[begin:] if cut is None else data[begin : begin + cut])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the standard library's name)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
