"""What attention has seen of each row, in tensors with room ahead: a step writes one column and copies nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

GROWTH_COLUMNS = 64
"""Columns added at a time where a row outgrows the room it was given; each growth copies the cache once."""


class KvCache:
    """Per layer keys and values (rows, heads, capacity, head size), of which the first `length` columns are filled.

    It is what transformers' attention layers ask of a cache (`update`), without the copy of everything that its own
    makes at each token. A pass writes behind `length`; `advance` counts what it wrote once it has gone well, so one
    that fails half way leaves nothing behind.
    """

    def __init__(self, room: int) -> None:
        """`room`: columns kept free behind the prompt."""
        self.length = 0
        self._room = room
        self._keys: list[Any] = []
        self._values: list[Any] = []

    def __repr__(self) -> str:
        return f"KvCache({len(self._keys)} layers, {self.length} of {self.capacity} columns)"

    @property
    def capacity(self) -> int:
        """Columns there is memory for."""
        return int(self._keys[0].shape[2]) if self._keys else 0

    @property
    def layer_count(self) -> int:
        """Layers that have written."""
        return len(self._keys)

    @property
    def has_room(self) -> bool:
        """A column can be written without another copy of the cache."""
        return self.length < self.capacity

    @property
    def size_bytes(self) -> int:
        """What the filled columns hold."""
        filled = sum(states[:, :, : self.length].numel() for states in self._keys)
        return 2 * filled * int(self._keys[0].element_size()) if self._keys else 0

    def update(self, keys: Any, values: Any, layer_index: int, *_: Any, **__: Any) -> tuple[Any, Any]:
        """Write a pass's keys and values (rows, heads, columns, head size); all there is to attend to, as views."""
        end = self.length + keys.shape[2]
        if layer_index == len(self._keys):
            self._keys.append(_with_room(keys, end + self._room))
            self._values.append(_with_room(values, end + self._room))
        else:
            if end > self._keys[layer_index].shape[2]:
                self._grow(layer_index, end + GROWTH_COLUMNS)
            self._keys[layer_index][:, :, self.length : end] = keys
            self._values[layer_index][:, :, self.length : end] = values
        return self._keys[layer_index][:, :, :end], self._values[layer_index][:, :, :end]

    def layer(self, index: int) -> tuple[Any, Any]:
        """A layer's keys and values, room included."""
        return self._keys[index], self._values[index]

    def advance(self, columns: int) -> None:
        """A pass over that many columns went well."""
        self.length += columns

    def joined(self, other: KvCache) -> KvCache:
        """A cache of the rows of both, each moved to end in the last filled column. Changes neither."""
        import torch

        length = max(self.length, other.length)
        made = KvCache(self._room)
        made.length = length
        columns = length + max(self.capacity - self.length, other.capacity - other.length)
        for mine, others, target in (
            (self._keys, other._keys, made._keys),
            (self._values, other._values, made._values),
        ):
            for above, below in zip(mine, others, strict=True):
                rows, heads, _, size = above.shape
                both = torch.zeros(rows + below.shape[0], heads, columns, size, dtype=above.dtype, device=above.device)
                both[:rows, :, length - self.length : length] = above[:, :, : self.length]
                both[rows:, :, length - other.length : length] = below[:, :, : other.length]
                target.append(both)
        return made

    def keep(self, rows: Sequence[int], first: int) -> None:
        """Only these rows in this order, without the columns before `first`."""
        for states in (self._keys, self._values):
            for layer, kept in enumerate(states):
                states[layer] = kept[list(rows), :, first:]
        self.length -= first

    def _grow(self, layer_index: int, columns: int) -> None:
        for states in (self._keys, self._values):
            states[layer_index] = _with_room(states[layer_index][:, :, : self.length], columns)


def _with_room(states: Any, columns: int) -> Any:
    import torch

    rows, heads, length, size = states.shape
    roomy = torch.zeros(rows, heads, columns, size, dtype=states.dtype, device=states.device)
    roomy[:, :, :length] = states
    return roomy
