"""What the model is asked, in each language, as numbered files: a published version is never edited, only followed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from services.common.errors import InvalidSetting


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One version of the question in one language."""

    version: str
    language_code: str
    """BCP-47 of the language it is written in and asks for."""
    system: str
    ask: str
    ask_again: str
    """Asked once more where the first answer says the same as the segment before. Holds no earlier answer."""


@cache
def load_prompt(language_code: str, version: str) -> Prompt:
    """The prompt of that language and version. Raises InvalidSetting if there is none."""
    file = resources.files(__name__) / f"{language_code}.{version}.toml"
    if not file.is_file():
        raise InvalidSetting(f"there is no prompt {version!r} in the language {language_code!r}")
    return Prompt(version=version, language_code=language_code, **tomllib.loads(file.read_text(encoding="utf-8")))
