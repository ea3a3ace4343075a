"""Takes apart an answer that keeps the form a prompt asked for: four labelled lines, however they are dressed up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

FIELDS = ("happening", "who", "place", "action")
"""In the order in which prompts ask for them."""

_DRESS = " \t\n*_`\"'„“”«»#|{},"
"""What models put around labels and values: Markdown, quotes, the marks of JSON."""

_PLAIN_END = " .!…-–—"
"""Left off before a value is compared with the words for nothing; a value of these alone is nothing as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The labels a prompt asks for, those it names first, and the words of its language for nothing."""

    happening: tuple[str, ...]
    who: tuple[str, ...]
    place: tuple[str, ...]
    action: tuple[str, ...]
    nothing: frozenset[str]
    """Lower case."""

    def labels(self, field: str) -> tuple[str, ...]:
        """The labels of one of FIELDS."""
        found: tuple[str, ...] = getattr(self, field)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The model's own words for each field; "" where it says that there is none, or was stopped before it."""

    happening: str
    who: str
    place: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Labelled:
    field: str
    start: int
    """Where the label begins, and ..."""
    value_start: int
    """... where what it introduces does."""


def parsed(text: str, form: Form, *, complete: bool = True) -> Parsed | None:
    """The fields of an answer, or None where it does not keep the form.

    It does if it begins with a label, has each label, and says what happens. Case and order do not count, nor does what
    is put around labels and values; of a label that comes twice the first counts. An answer that was stopped at its
    limit of tokens (not `complete`) may lack the labels it did not come to.

    >>> labels = {"happening": ("WHAT",), "who": ("WHO",), "place": ("WHERE",), "action": ("ACTION",)}
    >>> form = Form(**labels, nothing=frozenset({"none"}))
    >>> parsed("WHAT: A dog barks.\\nWHO: a dog\\nWHERE: none\\nACTION: barking", form)
    Parsed(happening='A dog barks.', who='a dog', place='', action='barking')
    """
    found = list(_labelled(text, form))
    if not found or text[: found[0].start].strip(_DRESS + "-•1."):
        return None
    values: dict[str, str] = {}
    ends = [label.start for label in found[1:]] + [len(text)]
    for label, end in zip(found, ends, strict=True):
        values.setdefault(label.field, _value(text[label.value_start : end], form))
    if not values.get("happening") or (complete and len(values) < len(FIELDS)):
        return None
    return Parsed(**{field: values.get(field, "") for field in FIELDS})


def _labelled(text: str, form: Form) -> Iterator[_Labelled]:
    """Every label in the text: at the start of a line in any case, inside one only in capitals."""
    names = {label.casefold(): field for field in FIELDS for label in form.labels(field)}
    longest_first = "|".join(re.escape(label) for label in sorted(names, key=len, reverse=True))
    dress = r"[*_`\"'„“”#]*"
    pattern = re.compile(
        rf"(?P<line>^[\s>|{{,]*(?:[-•*]|\d[.)])?\s*)?(?<!\w){dress}(?P<label>{longest_first}){dress}\s*[:：]{dress}",
        re.IGNORECASE | re.MULTILINE,
    )
    for match in pattern.finditer(text):
        label = match["label"]
        if match["line"] is not None or label.isupper():
            yield _Labelled(field=names[label.casefold()], start=match.start(), value_start=match.end())


def _value(written: str, form: Form) -> str:
    words = " ".join(re.sub(r"\n\s*(?:[-•*]|\d[.)])?\s*$", "", written).split()).strip(_DRESS)
    plain = words.casefold().strip(_PLAIN_END + _DRESS)
    return "" if not plain or plain in form.nothing else words
