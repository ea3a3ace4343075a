"""What the model is asked, in each language, as numbered files: a published version is never edited, only followed."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from services.common.errors import InvalidSetting
from services.vlm.form import Form

LATEST = "v2"
"""Asked where nothing else is set. v1 asked for free text; v2 asks for four labelled lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One version of the question in one language."""

    version: str
    language_code: str
    """BCP-47 of the language it is written in and asks for."""
    sha256: str
    """Of its file."""
    system: str
    ask: str
    ask_again: str
    """Asked once more where the first answer repeats an earlier one or itself. Holds no earlier answer."""
    form: Form | None = None
    """The lines it asks for; None: free text."""

    @property
    def name(self) -> str:
        """E.g. "en.v2"."""
        return f"{self.language_code}.{self.version}"


@cache
def load_prompt(language_code: str, version: str = LATEST) -> Prompt:
    """The prompt of that language and version. Raises InvalidSetting if there is none."""
    file = resources.files(__name__) / f"{language_code}.{version}.toml"
    if not file.is_file():
        raise InvalidSetting(f"there is no prompt {version!r} in the language {language_code!r}")
    written = file.read_bytes()
    values: dict[str, Any] = tomllib.loads(written.decode("utf-8"))
    form = values.pop("form", None)
    return Prompt(
        version=version,
        language_code=language_code,
        sha256=hashlib.sha256(written).hexdigest(),
        form=None if form is None else _form(form),
        **values,
    )


def _form(values: dict[str, list[str]]) -> Form:
    nothing = frozenset(values.pop("nothing"))
    return Form(**{field: tuple(labels) for field, labels in values.items()}, nothing=nothing)
