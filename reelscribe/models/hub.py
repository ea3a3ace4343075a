"""Files of a model hub over plain HTTPS: what the hub says of one, and its bytes, resumed after a cut."""

from __future__ import annotations

import http.client
import os
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlsplit

from services.common.catalogue import HubSource

HUB_ENDPOINT = "https://huggingface.co"
"""Where `repo` sources live, unless HF_ENDPOINT names a mirror."""

SILENCE_S = 8.0
"""Seconds without an answer or a byte after which a hub counts as unreachable: the next source is tried."""

ATTEMPT_COUNT = 5
"""Transfers begun for one file in one run; each goes on where the one before was cut."""

BLOCK_BYTES = 1 << 18
"""Read at a time, and so the step of the progress bar."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})

OnBytes = Callable[[int, int | None], None]
"""Called with the bytes done and, where known, the bytes in all."""


class SourceFailed(Exception):
    """One source could not give the file; the next one is tried. `str()` is one line of why."""


class HostUnreachable(SourceFailed):
    """Nobody answers there: other files of the same host need not be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What the hub says of a file before it is fetched; None where it says nothing."""

    size_bytes: int | None = None
    sha256: str | None = None
    git_sha1: str | None = None


def url_of(source: HubSource) -> str:
    """The address of a hub's file."""
    if source.url:
        return source.url
    endpoint = os.environ.get("HF_ENDPOINT", HUB_ENDPOINT).rstrip("/")
    return f"{endpoint}/{source.repo}/resolve/{quote(source.revision)}/{quote(source.file)}"


def host_of(url: str) -> str:
    """Host and port of an address."""
    return urlsplit(url).netloc


class _StayOnHost(urllib.request.HTTPRedirectHandler):
    """Large files redirect to a storage host, but the digest stands in the hub's own answer: stop there."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        if host_of(newurl) != host_of(req.full_url):
            return None
        return urllib.request.Request(newurl, headers=dict(req.headers), method=req.get_method())


def announce(url: str) -> Announcement:
    """Ask what the file is, without fetching it. Raises SourceFailed."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "identity"}, method="HEAD")
    opener = urllib.request.build_opener(_StayOnHost)
    try:
        with opener.open(request, timeout=SILENCE_S) as response:
            return _announcement(response.headers, redirected=False)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in REDIRECTS:
            return _announcement(error.headers, redirected=True)
        raise SourceFailed(f"{host_of(url)} answers {error.code} {error.reason}") from None
    except (OSError, http.client.HTTPException) as error:
        raise HostUnreachable(f"{host_of(url)} cannot be reached: {_why(error)}") from None


def _announcement(headers: Message, *, redirected: bool) -> Announcement:
    size = headers.get("X-Linked-Size") or (None if redirected else headers.get("Content-Length"))
    tag = headers.get("X-Linked-Etag") or headers.get("ETag") or ""
    digest = tag.removeprefix("W/").strip('"').lower()
    return Announcement(
        size_bytes=int(size) if size else None,
        sha256=digest if re.fullmatch("[0-9a-f]{64}", digest) else None,
        git_sha1=digest if re.fullmatch("[0-9a-f]{40}", digest) else None,
    )


def download(url: str, part: Path, on_bytes: OnBytes) -> None:
    """Bring `url` into `part`, going on from the bytes that `part` already has.

    Raises HostUnreachable, or SourceFailed where the hub refuses or cuts the transfer time and again; what
    arrived stays in `part` for the next run.
    """
    why = ""
    for attempt in range(ATTEMPT_COUNT):
        try:
            if _go_on(url, part, on_bytes):
                return
            why = "the connection was cut"
        except urllib.error.HTTPError as error:
            error.close()
            raise SourceFailed(f"{host_of(url)} answers {error.code} {error.reason}") from None
        except (urllib.error.URLError, TimeoutError, ConnectionError, http.client.HTTPException) as error:
            why = _why(error)
            if attempt == 0 and isinstance(error, urllib.error.URLError | TimeoutError):
                raise HostUnreachable(f"{host_of(url)} cannot be reached: {why}") from None
    raise SourceFailed(f"{host_of(url)}: {why} after {_size(part)} bytes; the next pull goes on from there")


def _go_on(url: str, part: Path, on_bytes: OnBytes) -> bool:
    """One transfer; True when the file is whole."""
    have = _size(part)
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    try:
        response = urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=SILENCE_S)
    except urllib.error.HTTPError as error:
        if error.code != http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        error.close()
        # The part is as long as the file, or longer than it: whole, or worthless.
        if error.headers.get("Content-Range", "").endswith(f"*/{have}"):
            return True
        part.unlink(missing_ok=True)
        return False
    with response:
        resumed = response.status == http.client.PARTIAL_CONTENT
        done = have if resumed else 0
        length = response.headers.get("Content-Length")
        total = done + int(length) if length else None
        with part.open("ab" if resumed else "wb") as file:
            while block := response.read(BLOCK_BYTES):
                file.write(block)
                done += len(block)
                on_bytes(done, total)
    return total is None or done >= total


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _why(error: BaseException) -> str:
    reason = getattr(error, "reason", None) or error
    return str(reason) or type(reason).__name__
