"""What the Dockerfile names, held against the code and the files beside it."""

from __future__ import annotations

import fnmatch
import re
import shlex
import tomllib
from collections.abc import Iterator

from tests.deployment.questions import ROOT, Files, about_environment


def _instructions(dockerfile: str) -> list[tuple[str, str]]:
    lines = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", dockerfile, flags=re.M)).splitlines()
    return [(head, rest.strip()) for head, _, rest in (line.partition(" ") for line in lines) if head]


def image_environment(files: Files) -> dict[str, str]:
    words = [shlex.split(rest) for head, rest in _instructions(files["Dockerfile"]) if head == "ENV"]
    return dict(word.split("=", 1) for line in words for word in line)


def image_user(files: Files) -> str:
    return next(rest for head, rest in _instructions(files["Dockerfile"]) if head == "USER").partition(":")[0]


def about_dockerfile(files: Files) -> Iterator[str]:
    instructions = _instructions(files["Dockerfile"])
    project = tomllib.loads(files["pyproject.toml"])["project"]
    for source in _copied(instructions):
        if not (ROOT / source).exists():
            yield f"Dockerfile: there is no {source} to copy"
        if not _passes(source, files[".dockerignore"]):
            yield f".dockerignore: keeps {source} out"
    yield from about_environment("Dockerfile", image_environment(files))
    text = files["Dockerfile"]
    entry = next(rest for head, rest in instructions if head == "ENTRYPOINT")
    if entry not in [f'["{script}"]' for script in project["scripts"]]:
        yield f"Dockerfile: {entry} is not installed"
    if "ARG EXTRA" not in text or ".[${EXTRA}]" not in text:
        yield "Dockerfile: EXTRA picks nothing"
    if set(re.findall(r"uv==(\S+)", text)) != set(re.findall(r"UV_VERSION := (\S+)", files["Makefile"])):
        yield "Dockerfile: another uv than the Makefile's"
    for constraint in re.findall(r"--constraint (\S+)", text):
        if constraint not in _copied(instructions):
            yield f"Dockerfile: {constraint} is not copied"
    if image_user(files) in ("0", "root") or f"--uid {image_user(files)} " not in text:
        yield "Dockerfile: the user is root or nobody"
    pythons = {rest.split()[0] for head, rest in instructions if head == "FROM"}
    if pythons != {"python:3.11-slim-bookworm"}:
        yield f"Dockerfile: built on {pythons}, while the pins were tested on Python 3.11"


def _copied(instructions: list[tuple[str, str]]) -> list[str]:
    lines = [rest.split() for head, rest in instructions if head == "COPY" and not rest.startswith("--from")]
    return [source for line in lines for source in line[:-1]]


def _passes(source: str, ignore: str) -> bool:
    passes = True
    for line in ignore.splitlines():
        pattern = line.removeprefix("!")
        if line and not line.startswith("#") and fnmatch.fnmatch(source, pattern):
            passes = line.startswith("!")
    return passes
