"""How many syllables a written word has when it is spoken, by rules, in German and English."""

from __future__ import annotations

import re
from collections.abc import Callable

from services.audio.delivery.numerals import spoken_number

GERMAN_DIPHTHONG = r"ei|ai|ey|ay|au|äu|eu|ie|aa|ee|oo|oi|oy|ou|[aeiouäöüyáàéèêíóôú]"
"""One vowel each; the first that fits is taken, from left to right."""

GERMAN_PARTED = (
    # A prefix ends before a stem that begins with a vowel: be-obachten, ge-ehrt, be-enden, ge-übt; not bei, Geist.
    r"^(?:be|ge)(?=[aoäöü]|ur|e(?:i[ngl]|h|n[dt]|rb)|u[nmf]|i[rm])",
    # Learned endings part what is one vowel elsewhere: Ital-i-en, Fer-i-en, Famil-i-e, Ser-i-e, Stud-i-en, Hyg-i-ene.
    r"(?:mil|fol|lil|lin|ser|sten|präm|akt|stud|mater|ital|span|brasil|med|fer|sauri|saur|hyg|pat|sper|asi|as)i(?=e)",
    # Muse-um, Jubilä-um, Ide-en.
    r"(?:[sz]|all)e(?=um$)",
    r"(?<=id)e(?=en$)",
    # ko-operieren.
    r"^ko(?=o)",
)
"""After what these match a syllable ends."""

ENGLISH_WORDS = {
    "area": 3, "areas": 3, "being": 2, "business": 2, "canoe": 2, "chocolate": 3, "cooperate": 4, "create": 2,
    "created": 3, "doing": 2, "every": 2, "everybody": 4, "everyone": 3, "everything": 3, "evening": 2, "favorite": 3,
    "idea": 3, "ideas": 3, "interesting": 4, "maybe": 2, "naive": 2, "queue": 1, "recipe": 3, "sometimes": 2,
    "somebody": 3, "someone": 2, "something": 2, "somewhere": 2, "theater": 3, "theatre": 3, "therefore": 2,
    "wednesday": 2, "whatever": 3,
}  # fmt: skip
"""Frequent words that the rules below get wrong. Where two ways are heard, the one that dictionaries give first."""

ENGLISH_SILENT = (
    # make, makes, asked; not table, wanted, struggled, hundred.
    r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[aeiour]l)es$",
    r"(?<=[^aeiouytd])(?<![bcdfgkpstz]l)(?<![cdt]r)ed$",
    r"(?<=[^aeiouylsxzcg])es$(?<!shes)(?<!ches)",
    # lovely, movement, useful, homeless.
    r"(?<=[^aeiouy])e(?=ly$|ments?$|ful|less|ness)",
    # pre-cious, na-tion, spe-cial, re-gion: the i only softens.
    r"(?<=[tcsxg])i(?=ous|on|an|al)|(?<=[tcxg])(?<!sc)i(?=en[ct])",
)
"""Letters that are not heard as a vowel."""

ENGLISH_PARTED = (
    # ra-di-o, me-di-a, var-i-ous, sci-ence, qui-et, li-on; not -tion, whose i is gone already; nor mil-lion.
    r"(?<!ll)i(?=[aou])|(?:sc|qu|d|soc|var)i(?=e(?:nc|t))",
    # sit-u-a-tion, in-di-vid-u-al, flu-ent, val-u-able; not language, quality, guess, question.
    r"(?<![qg])u(?=[ao]|e(?:nt|l))",
    # vid-e-o, the-o-ry, mu-se-um, re-al-ity; not people, ocean, europe.
    r"(?<!p)e(?=o(?!u|p))|(?<=[sm])e(?=um)|r(?:e)(?=a(?:lity|ct))",
    # fly-ing, go-ing, po-em.
    r"(?:[aeouy]|ri)(?=ing)|po(?=em|et)",
    # rhyth-m, pri-sm.
    r"(?:s|th)(?=ms?$)",
)
"""After what these match a syllable ends."""


def syllables(word: str, language_code: str) -> int | None:
    """Syllables of a word as the transcript writes it, punctuation and all.

    0 for what holds no letter; None in a language without rules here, and for figures that can be read in several
    ways (a year, a decimal, "3x").

    >>> syllables("Dinosaurier,", "de"), syllables("countries!", "en"), syllables("lumière", "fr")
    (5, 2, None)
    """
    rules = RULES.get(language_code.partition("-")[0])
    if rules is None or re.search(r"\d[^\W\d]|[^\W\d]\d", word):
        return None
    total = 0
    for piece in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d[\d.,:]*", word.lower()):
        said = spoken_number(piece, language_code) if piece[0].isdigit() else [piece]
        if said is None:
            return None
        total += sum(rules(part) for part in said)
    return total


def german(word: str) -> int:
    """A German word in lower case.

    >>> [german(word) for word in ("familie", "spielen", "beachten", "museum", "quelle")]
    [4, 2, 3, 3, 2]
    """
    word = _parted(word.replace("qu", "kw"), GERMAN_PARTED)
    # A y before a vowel is a consonant: Yoga.
    word = re.sub(r"(?<![aeou])y(?=[aeiou])", "j", word)
    return max(1, len(re.findall(GERMAN_DIPHTHONG, word)))


def english(word: str) -> int:
    """An English word in lower case.

    >>> [english(word) for word in ("countries", "asked", "wanted", "little", "media", "make")]
    [2, 1, 2, 2, 3, 1]
    """
    word = word.replace("'", "").replace("’", "")
    if word in ENGLISH_WORDS:
        return ENGLISH_WORDS[word]
    short = len(re.findall(r"[aeiouy]", word)) == 1
    for silent in () if short else ENGLISH_SILENT:
        word = re.sub(silent, lambda match: "s" if match[0] == "es" else "d" if match[0] == "ed" else "", word)
    # A y before a vowel is a consonant: you, beyond.
    word = re.sub(r"(?<![aeiou])y(?=[aeou])|^y", "j", word)
    word = _parted(word, ENGLISH_PARTED)
    return max(1, len(re.findall(r"[aeiouy]+|(?<=s-)ms?$|(?<=th-)ms?$", word)))


def _parted(word: str, ends: tuple[str, ...]) -> str:
    for end in ends:
        word = re.sub(end, lambda match: f"{match[0]}-", word)
    return word


RULES: dict[str, Callable[[str], int]] = {"de": german, "en": english}
"""By language."""
