"""A model that writes what a script says: the engine's interface with fixed logits, so that texts have a truth."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from services.vlm.segment_model import OutOfMemory, Request
from services.vlm.segments import video_token_count

END = 0
Script = Callable[[Request], str]


@dataclass(slots=True)
class Row:
    """What is still to be written for one segment, and what the engine has fed back."""

    to_write: list[int]
    fed: list[int]


class ScriptModel:
    """Word by word, one logit of 1.0 for the word the script has next. `memory_rows`: more are refused."""

    precision = "float32"
    library = "a script"
    end_tokens = frozenset([END])
    context_token_count = 32768

    def __init__(self, script: Script, *, memory_rows: int = 1000) -> None:
        self.memory_rows = memory_rows
        self.step_memory_rows = 1000
        self.asked: list[Request] = []
        self.may_step = threading.Event()
        self.may_step.set()
        self.stepped = threading.Event()
        self.written = threading.Event()
        self._script = script
        self._words = ["<end>"]

    def prompt_token_count(self, request: Request) -> int:
        height_px, width_px = request.frames[0].shape[:2]
        words = len(f"{request.system} {request.ask}".split())
        return words + video_token_count(len(request.frames), height_px, width_px, request.max_pixels)

    def begin(self, requests: Sequence[Request]) -> tuple[list[Row], np.ndarray]:
        if len(requests) > self.memory_rows:
            raise OutOfMemory("the script allows no more rows")
        rows = [Row([*map(self._token, self._script(request).split()), END], []) for request in requests]
        self.asked += requests
        return rows, self._logits(rows)

    def step(self, rows: list[Row], tokens: Sequence[int]) -> np.ndarray:
        self.stepped.set()
        assert self.may_step.wait(60)
        if len(rows) > self.step_memory_rows:
            raise OutOfMemory("the script allows no more rows")
        for row, token in zip(rows, tokens, strict=True):
            assert token == row.to_write[len(row.fed)], "a row was fed another row's token"
            row.fed.append(token)
        return self._logits(rows)

    def choose(self, logits: np.ndarray) -> tuple[list[int], list[float]]:
        shares = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
        return logits.argmax(-1).tolist(), shares.max(-1).tolist()

    def join(self, left: list[Row], right: list[Row]) -> list[Row]:
        return [*left, *right]

    def keep(self, rows: list[Row], which: Sequence[int]) -> list[Row]:
        return [rows[row] for row in which]

    def text(self, tokens: Sequence[int]) -> str:
        self.written.set()
        return " ".join(self._words[token] for token in tokens)

    def _token(self, word: str) -> int:
        if word not in self._words:
            self._words.append(word)
        return self._words.index(word)

    def _logits(self, rows: Sequence[Row]) -> np.ndarray:
        logits = np.zeros((len(rows), 1000), dtype=np.float32)
        for position, row in enumerate(rows):
            logits[position, row.to_write[len(row.fed)]] = 1.0
        return logits
