"""Draws the words onto the frames: captions in the lower third, the title in a box near the top."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image, ImageDraw, ImageFont

from reelscribe.demo.scenario import HEIGHT_PX, WIDTH_PX

CAPTION_SIZE_PX = 66
LINE_HEIGHT_PX = 84
CAPTION_CENTRE_Y_PX = round(HEIGHT_PX * 0.74)
CAPTION_WIDTH_PX = WIDTH_PX - 70
"""Wider lines are broken; the margin keeps them clear of an app's buttons."""

CAPTION_OUTLINE_PX = 8
WORD_GAP_PX = 23
"""The font's own space is 15 px, and closes up between bold outlined words."""

CAPTION_WEIGHT_PX = 2
"""The font has one weight; an outline in the fill's own colour makes it bold."""

TITLE_SIZE_PX = 66
TITLE_CENTRE_Y_PX = round(HEIGHT_PX * 0.16)
TITLE_PADDING_PX = 26
TITLE_CORNER_PX = 22

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

WHITE = (255, 255, 255, 255)
DARK = (16, 16, 20, 255)


class Label:
    """Words drawn once, laid over as many frames as they are shown in."""

    def __init__(self, sprite: Image.Image, left_px: int, top_px: int) -> None:
        self._sprite = sprite
        self.box = (left_px, top_px, left_px + sprite.width, top_px + sprite.height)
        """left, top, right, bottom in pixels of the frame."""

    def draw(self, frame: Image.Image) -> None:
        """Lays the words over the frame, in place."""
        frame.paste(self._sprite, self.box[:2], self._sprite)


def caption(text: str) -> Label:
    """White letters with a dark outline, broken into lines, centred in the lower third."""
    font = ImageFont.load_default(size=CAPTION_SIZE_PX)
    lines = broken(text, font, CAPTION_WIDTH_PX)
    sprite = Image.new("RGBA", (WIDTH_PX, LINE_HEIGHT_PX * (len(lines) + 1)))
    canvas = ImageDraw.Draw(sprite)
    # All outlines before all letters, so that no line's outline lies on the letters of the one above.
    for colour, stroke in ((DARK, CAPTION_OUTLINE_PX), (WHITE, CAPTION_WEIGHT_PX)):
        for index, line in enumerate(lines, start=1):
            for left_px, word in _placed(line, font):
                at = (left_px, LINE_HEIGHT_PX * index)
                canvas.text(at, word, colour, font, "ls", stroke_width=stroke, stroke_fill=colour)
    return _centred(sprite.crop(sprite.getbbox()), CAPTION_CENTRE_Y_PX)


def title(text: str) -> Label:
    """Dark letters in a white box with round corners."""
    font = ImageFont.load_default(size=TITLE_SIZE_PX)
    left, top, right, bottom = font.getbbox(text, stroke_width=CAPTION_WEIGHT_PX)
    size = (round(right - left) + 2 * TITLE_PADDING_PX, round(bottom - top) + 2 * TITLE_PADDING_PX)
    sprite = Image.new("RGBA", size)
    canvas = ImageDraw.Draw(sprite)
    canvas.rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), TITLE_CORNER_PX, fill=WHITE)
    origin = (TITLE_PADDING_PX - left, TITLE_PADDING_PX - top)
    canvas.text(origin, text, DARK, font, stroke_width=CAPTION_WEIGHT_PX, stroke_fill=DARK)
    return _centred(sprite, TITLE_CENTRE_Y_PX)


def broken(text: str, font: Font, width_px: float) -> list[str]:
    """The fewest lines that fit, as equal in length as words allow."""
    words = text.split()
    for line_count in range(1, len(words) + 1):
        lines = _evenly(words, line_count)
        if max(_line_width_px(line, font) for line in lines) <= width_px:
            return lines
    return words


def _line_width_px(line: str, font: Font) -> float:
    words = line.split()
    return sum(font.getlength(word) for word in words) + WORD_GAP_PX * (len(words) - 1)


def _placed(line: str, font: Font) -> Iterator[tuple[float, str]]:
    """Each word of a centred line and where it begins, in pixels of the frame."""
    left_px = (WIDTH_PX - _line_width_px(line, font)) / 2
    for word in line.split():
        yield left_px, word
        left_px += font.getlength(word) + WORD_GAP_PX


def _evenly(words: list[str], line_count: int) -> list[str]:
    if line_count == 1:
        return [" ".join(words)]
    splits = range(1, len(words) - line_count + 2)
    options = [[" ".join(words[:at]), *_evenly(words[at:], line_count - 1)] for at in splits]
    return min(options, key=lambda lines: max(map(len, lines)))


def _centred(sprite: Image.Image, centre_y_px: int) -> Label:
    return Label(sprite, (WIDTH_PX - sprite.width) // 2, centre_y_px - sprite.height // 2)
