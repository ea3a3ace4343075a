"""Figures as the words in which they are spoken, where there is one way to read them."""

from __future__ import annotations

LARGEST = 999_999

FIRST_YEAR, LAST_YEAR = 1100, 2099
"""Four figures in this range may be a year, which is read in another way than a number."""

GERMAN = (
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
)
ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
)
"""0 to 19, then the tens."""


def spoken_number(figures: str, language_code: str) -> list[str] | None:
    """The words of a whole number up to LARGEST; None for what may be read in several ways (a year, a decimal, a time).

    >>> spoken_number("21", "de"), spoken_number("300", "en"), spoken_number("1969", "en")
    (['ein', 'und', 'zwanzig'], ['three', 'hundred'], None)
    """
    figures = figures.rstrip(".,:")
    if not figures.isdecimal() or (len(figures) > 1 and figures[0] == "0"):
        return None
    value = int(figures)
    if value > LARGEST or FIRST_YEAR <= value <= LAST_YEAR:
        return None
    return _german(value) if language_code.startswith("de") else _english(value)


def _german(value: int) -> list[str]:
    if value < 20:
        return [_name(GERMAN, value)]
    if value < 100:
        tens, ones = divmod(value, 10)
        return ([_stem(ones), "und"] if ones else []) + [_name(GERMAN, 18 + tens)]
    size, name = (1000, "tausend") if value >= 1000 else (100, "hundert")
    count, rest = divmod(value, size)
    many = [_stem(count)] if count < 20 else _german(count)
    return [*many, name, *(_german(rest) if rest else [])]


def _stem(value: int) -> str:
    return "ein" if value == 1 else _name(GERMAN, value)


def _english(value: int) -> list[str]:
    if value < 20:
        return [_name(ENGLISH, value)]
    if value < 100:
        tens, ones = divmod(value, 10)
        return [_name(ENGLISH, 18 + tens), *([_name(ENGLISH, ones)] if ones else [])]
    size, name = (1000, "thousand") if value >= 1000 else (100, "hundred")
    count, rest = divmod(value, size)
    return [*_english(count), name, *(_english(rest) if rest else [])]


def _name(names: str, place: int) -> str:
    return names.split()[place]
