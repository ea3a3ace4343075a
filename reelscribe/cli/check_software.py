"""The software under `doctor`: libraries of each extra, doubled packages, FFmpeg's decoders, and weights."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

from reelscribe.cli.checkup import Check, bad, good, note
from services.common.catalogue import Weights, catalogue
from services.common.weights import is_installed, model_dir

EXTRAS = {
    "vision": "vision",
    "audio": "audio",
    "ultralytics": "object_detection's default detector (AGPL-3.0)",
    "easyocr": "text_overlay's other reader",
    "report": "report.html",
    "vlm": "qwen2_vl_temporal",
}
"""Extras that bring libraries, and what for. The first two are part of every installation that analyzes."""

NEEDED_EXTRAS = ("vision", "audio")

OPENCVS = (
    "opencv-python",
    "opencv-python-headless",
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
)
"""All of them install the same `cv2`: two overwrite each other's files."""

CODECS = ("h264", "hevc", "vp9", "av1", "aac", "opus")

REQUIREMENT = re.compile(r"^(?P<name>[\w.-]+)\s*(?P<versions>[^;]*)(;.*extra == [\"'](?P<extra>[\w-]+)[\"'])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One line of the package's requirements."""

    name: str
    versions: str
    extra: str


def check_software() -> Iterator[Check]:
    """All of it."""
    from reelscribe.cli.graph import default_weights
    from reelscribe.embedded import EVERYTHING

    asked = requirements(requires("reelscribe") or ())
    yield check_libraries("libraries", "", asked)
    for extra, purpose in EXTRAS.items():
        yield check_libraries(extra, purpose, asked)
    yield check_opencv()
    yield check_codecs()
    yield from check_weights(tuple(catalogue().values()), default_weights(EVERYTHING))


def requirements(lines: Sequence[str]) -> tuple[Requirement, ...]:
    """The package's own metadata, read; "" is the extra of what is always needed."""
    found = (REQUIREMENT.match(line) for line in lines)
    return tuple(
        Requirement(name=match["name"], versions=match["versions"].strip(), extra=match["extra"] or "")
        for match in found
        if match is not None
    )


def check_libraries(name: str, purpose: str, asked: Sequence[Requirement]) -> Check:
    """The libraries of one extra: there, and of a version that was asked for. None is imported."""
    extra = "" if name == "libraries" else name
    mine = [item for item in asked if item.extra == extra]
    lacking = [told for item in mine if (told := _lack(item))]
    if not lacking:
        return good(name, f"{len(mine)} libraries" if not extra else ", ".join(_versions(mine)))
    fix = f"pip install 'reelscribe[{extra}]'" if extra else "pip install --upgrade reelscribe"
    told = f"{', '.join(lacking)}" + (f" (for {purpose})" if purpose and purpose != name else "")
    return bad(name, told, fix) if not extra or extra in NEEDED_EXTRAS else note(name, told, fix)


def _versions(asked: Sequence[Requirement]) -> list[str]:
    return [f"{item.name} {version(item.name)}" for item in asked]


def _lack(item: Requirement) -> str:
    try:
        installed = version(item.name)
    except PackageNotFoundError:
        return f"{item.name} is not installed"
    return "" if satisfies(installed, item.versions) else f"{item.name} is {installed}, asked for is {item.versions}"


def satisfies(installed: str, versions: str) -> bool:
    """A version against conditions such as ">=3.11,<3.14"; of other kinds of condition none is held against it.

    >>> satisfies("3.9.1", ">=3.11,<3.14"), satisfies("1.2.1+cpu", "==1.2.1")
    (False, True)
    """
    have = _numbers(installed)
    for condition in filter(None, versions.split(",")):
        match = re.match(r"\s*(>=|<=|==|<|>)\s*([\d.]+)", condition)
        if match is None:
            continue
        want = _numbers(match[2])
        width = max(len(have), len(want))
        left, right = have + (0,) * (width - len(have)), want + (0,) * (width - len(want))
        if not {">=": left >= right, "<=": left <= right, "==": left == right, "<": left < right, ">": left > right}[
            match[1]
        ]:
            return False
    return True


def _numbers(text: str) -> tuple[int, ...]:
    """The release part of a version: "2.9.0+cpu" is (2, 9, 0)."""
    match = re.match(r"\d+(\.\d+)*", text)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def check_opencv(installed: Sequence[str] | None = None) -> Check:
    """One package only may provide `cv2`."""
    found = [name for name in OPENCVS if _is_there(name)] if installed is None else list(installed)
    if len(found) <= 1:
        return good("opencv", found[0] if found else "none")
    keep, *drop = found
    fix = f"pip uninstall -y {' '.join(drop)} && pip install --force-reinstall --no-deps {keep}"
    return bad("opencv", f"{' and '.join(found)} overwrite each other's files", fix)


def _is_there(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def check_codecs() -> Check:
    """Whether the FFmpeg inside PyAV decodes what phones and platforms write."""
    try:
        import av
    except ImportError as error:
        return bad("ffmpeg", f"PyAV cannot be imported: {error}", "pip install --force-reinstall av")
    told = f"PyAV {av.__version__}"
    missing = [codec for codec in CODECS if not _decodes(codec)]
    if missing:
        fix = "pip install --force-reinstall --only-binary=av av"
        return bad("ffmpeg", f"{told} has no decoder for {', '.join(missing)}", fix)
    return good("ffmpeg", f"{told} decodes {', '.join(CODECS)}")


def _decodes(codec: str) -> bool:
    import av

    try:
        return bool(av.codec.Codec(codec, "r").is_decoder)
    except ValueError:
        return False


def check_weights(known: Sequence[Weights], defaults: Collection[str] = ()) -> Iterator[Check]:
    """What each profile lacks, and what analyzers load by default; bytes are not hashed (`models verify` does that)."""
    there = [entry.name for entry in known if is_installed(entry)]
    yield good("weights", f"{', '.join(there) or 'none'}; in {model_dir()}")
    missing = [entry for entry in known if entry.name not in there]
    lite = [entry for entry in missing if entry.profile == "lite" and not entry.optional]
    default = [entry for entry in missing if entry.name in defaults and entry not in lite]
    full = [entry for entry in missing if entry.profile == "full" and not entry.optional and entry not in default]
    if lite:
        yield bad("weights", f"{_named(lite)} not installed", "reelscribe models pull")
    for entry in default:
        yield note("weights", f"{_named([entry])} not installed", f"reelscribe models pull {entry.name}")
    if full:
        yield note("full profile", f"{_named(full)} not installed", "reelscribe models pull --profile full")


def _named(entries: Sequence[Weights]) -> str:
    """With what they are for."""
    return ", ".join(f"{entry.name} ({', '.join(entry.analyzers)})" for entry in entries)
