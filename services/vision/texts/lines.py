"""How pieces of text make lines and blocks, and how alike two readings are: pure functions on what a reader gave."""

from __future__ import annotations

from collections.abc import Sequence

from services.vision.texts.readers import Line, Rect

ROW_OVERLAP = 0.6
"""Pieces share a row if this share of the lower one's height does; a line below overlaps by a fifth at most."""

GAP_HEIGHTS = 1.2
"""Pieces of one row are one line if less than this many line heights lie between; a space is a third of one."""

SAME_HEIGHT = 1.6
"""Largest ratio of two heights in one line or block; a title over its caption is two blocks."""

SAME_TEXT = 0.7
"""Similarity from which two readings may be of one text: three letters of ten may be misread ..."""

SAME_WORD = 0.6
"""... but no word by more than two letters of five ..."""

SAME_LETTERS = 0.85
"""... and where a space was lost, all letters together hardly at all."""

LEADING_HEIGHTS = 0.9
"""Lines stand in one block if the space between them is less than this many line heights."""


def join_pieces(pieces: Sequence[Line], aspect: float) -> list[Line]:
    """Pieces of one row become one line, left to right; lines come out top to bottom.

    `aspect` is the frame's width / height: boxes are shares of both.
    """
    lines: list[Line] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.left):
        mates = [line for line in lines if _continues(line, piece, aspect)]
        if mates:
            # The nearest one: of two columns, the piece belongs to the one that ends closer to it.
            mate = max(mates, key=lambda line: line.box.right)
            lines[lines.index(mate)] = join_row([mate, piece])
        else:
            lines.append(piece)
    return sorted(lines, key=lambda line: (line.box.top, line.box.left))


def join_row(pieces: Sequence[Line]) -> Line:
    """One line of pieces of one row; confidence is the mean, weighted by length."""
    if len(pieces) == 1:
        return pieces[0]
    ordered = sorted(pieces, key=lambda piece: piece.box.left)
    weights = [max(len(piece.content), 1) for piece in ordered]
    total = sum(piece.confidence * weight for piece, weight in zip(ordered, weights, strict=True))
    return Line(
        content=" ".join(piece.content for piece in ordered),
        box=around([piece.box for piece in ordered]),
        confidence=total / sum(weights),
    )


def around(boxes: Sequence[Rect]) -> Rect:
    """The smallest rectangle around all (at least one)."""
    return Rect(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def overlap(one: Rect, other: Rect) -> float:
    """Share of the smaller rectangle that lies in the other, [0, 1]."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    smaller = min(one.width * one.height, other.width * other.height)
    return width * height / smaller if width > 0 and height > 0 and smaller > 0 else 0.0


def stacked(one: Rect, other: Rect) -> bool:
    """Whether two lines stand under one another as lines of one block do."""
    upper, lower = sorted((one, other), key=lambda box: box.top)
    tall, low = max(one.height, other.height), min(one.height, other.height)
    across = min(one.right, other.right) - max(one.left, other.left)
    return (
        low > 0
        and tall / low <= SAME_HEIGHT
        and lower.top - upper.bottom <= LEADING_HEIGHTS * low
        and lower.top >= upper.top + 0.5 * low
        and across > 0.3 * min(one.width, other.width)
    )


def same_text(one: str, other: str) -> bool:
    """Whether two readings differ by misread letters only, not by a word or a number.

    >>> same_text("das ist der erste", "das ist der zweite")
    False
    """
    if digits(one) != digits(other) or similarity(one, other) < SAME_TEXT:
        return False
    words, others = one.split(), other.split()
    if len(words) != len(others):
        return similarity("".join(words), "".join(others)) >= SAME_LETTERS
    return all(similarity(word, against) >= SAME_WORD for word, against in zip(words, others, strict=True))


def similarity(one: str, other: str) -> float:
    """1 for equal texts, 0 for those without a character in common at its place; case and spaces do not count.

    >>> similarity("kam selbst ein großer", "kam selbst ein grober") > 0.9
    True
    """
    left, right = (" ".join(text.split()).casefold() for text in (one, other))
    longest = max(len(left), len(right))
    return 1.0 - edit_distance(left, right) / longest if longest else 1.0


def edit_distance(one: str, other: str) -> int:
    """Characters to insert, delete or replace to make one text of the other."""
    row = list(range(len(other) + 1))
    for above, letter in enumerate(one):
        diagonal, row[0] = row[0], above + 1
        for column, against in enumerate(other):
            replaced = diagonal + (letter != against)
            diagonal = row[column + 1]
            row[column + 1] = min(row[column + 1] + 1, row[column] + 1, replaced)
    return row[-1]


def grows(old: str, new: str) -> bool:
    """Whether the new text is the old one with more behind it, as when it is typed on screen."""
    return len(new) > len(old) and new.casefold().startswith(old.casefold())


def digits(content: str) -> str:
    """The digits alone, in order: two readings with different ones are two texts, however alike."""
    return "".join(letter for letter in content if letter.isdigit())


def _continues(line: Line, piece: Line, aspect: float) -> bool:
    one, other = line.box, piece.box
    low, tall = sorted((one.height, other.height))
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    gap = (other.left - one.right) * aspect
    return (
        low > 0 and tall / low <= SAME_HEIGHT and shared >= ROW_OVERLAP * low and -0.5 * low <= gap <= GAP_HEIGHTS * low
    )
