"""Packages made by the tests, and a folder of them as the only index the package client knows."""

from __future__ import annotations

import io
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


def make_wheel(folder: Path, package: str, version: str, members: Mapping[str, bytes]) -> Path:
    """A wheel that pip accepts, with a module that would fail loudly if anything imported it."""
    name = package.replace("-", "_")
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": b"raise SystemExit('an archive was imported')\n",
        **members,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in files) + f"{info}/RECORD,,\n"
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as zipped:
        for path, data in files.items():
            zipped.writestr(path, data)
        zipped.writestr(f"{info}/RECORD", record)
    return wheel


def make_source_archive(folder: Path, package: str, version: str, members: Mapping[str, bytes], ran: Path) -> Path:
    """A source archive with `members` in its module; its setup.py would leave the file `ran` behind."""
    name = package.replace("-", "_")
    files = {
        "PKG-INFO": f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n".encode(),
        "setup.py": f"import pathlib, setuptools\npathlib.Path({str(ran)!r}).touch()\nsetuptools.setup()\n".encode(),
        **{f"{name}/{path}": data for path, data in members.items()},
    }
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{name}-{version}.tar.gz"
    with tarfile.open(archive, "w:gz") as tarred:
        for path, data in files.items():
            info = tarfile.TarInfo(f"{name}-{version}/{path}")
            info.size = len(data)
            tarred.addfile(info, io.BytesIO(data))
    return archive


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the standard library's name)
        pass


@contextmanager
def running_index(folder: Path) -> Iterator[str]:
    """The source archives of `folder` behind a simple index over HTTP; yields the index's address."""
    for archive in folder.glob("*.tar.gz"):
        page = folder / "simple" / archive.name.rpartition("-")[0].replace("_", "-") / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(f'<!DOCTYPE html><a href="/{archive.name}">{archive.name}</a>')
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/simple"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def use_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pip find packages in `folder` and nowhere else."""
    folder.mkdir(parents=True, exist_ok=True)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
