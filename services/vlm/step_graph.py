"""One step of a batch laid out once and replayed: every tensor it reads or writes stays where it is.

On a GPU it is a CUDA graph: a step of 28 layers is then one call instead of some thousand, and costs what the GPU
needs. Elsewhere the same step is run as it is, which is how it is tested. Nothing here has been run on a GPU.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.vlm.compiled import Compiled
from services.vlm.kv_cache import KvCache

Layers = Sequence[tuple[Any, Any]]
"""Keys and values of each layer, each (rows, heads, capacity, head size)."""

STEADY_STEPS = 4
"""Steps that a batch must have stood unchanged for its next ones to be recorded: recording costs about three."""


class _FixedCache:
    """The cache's tensors as a step sees them whose column is itself a tensor."""

    def __init__(self, layers: Layers, column: Any) -> None:
        self._layers = layers
        self._column = column

    def update(self, keys: Any, values: Any, layer_index: int, *_: Any, **__: Any) -> tuple[Any, Any]:
        all_keys, all_values = self._layers[layer_index]
        all_keys.index_copy_(2, self._column, keys)
        all_values.index_copy_(2, self._column, values)
        return all_keys, all_values


class StepGraph:
    """Steps of the rows of one cache, until its tensors are replaced or full."""

    def __init__(
        self,
        model: Any,
        cache: KvCache,
        lengths: Sequence[int],
        *,
        recorded: bool = True,
        compiled: Compiled | None = None,
    ) -> None:
        """`lengths`: columns of each row that are no padding. Attends to all there is memory for, masked.

        `recorded`: as a CUDA graph, where there is CUDA; `compiled`: `laid_out_step`, to be called instead of it.
        """
        import torch

        device, rows = model.device, len(lengths)
        self._model = model
        self._cache = cache
        self._recorded = recorded and device.type == "cuda"
        # One row is another program to torch.compile: it is stepped as it is.
        self._step = compiled if compiled is not None and rows > 1 else laid_out_step
        self._tokens = torch.zeros(rows, 1, dtype=torch.long, device=device)
        self._positions = torch.zeros(rows, dtype=torch.long, device=device)
        self._column = torch.zeros(1, dtype=torch.long, device=device)
        self._columns = torch.arange(cache.capacity, device=device)
        self._starts = torch.tensor([cache.length - own for own in lengths], device=device)
        self._graph: Any = None
        self._logits: Any = None

    @property
    def fits(self) -> bool:
        """There is a column left to write in the tensors it was laid out for."""
        return self._cache.length < len(self._columns)

    def run(self, tokens: Sequence[int], positions: Any) -> Any:
        """Logits (rows, vocabulary) after one more token of each row, at these rotary positions (rows,).

        They are overwritten by the next run.
        """
        import torch

        self._tokens.copy_(torch.tensor(tokens)[:, None], non_blocking=True)
        self._positions.copy_(positions)
        self._column.fill_(self._cache.length)
        if not self._recorded:
            return self._compute()
        if self._graph is None:
            self._record()
        self._graph.replay()
        return self._logits

    def _record(self) -> None:
        """Twice as it is, on a stream of its own as CUDA asks for, then recorded. Each writes the same column."""
        import torch

        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(2):
                self._compute()
        torch.cuda.current_stream().wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        # Other threads of the process may use the GPU meanwhile.
        with torch.cuda.graph(graph, capture_error_mode="thread_local"):
            self._logits = self._compute()
        self._graph = graph

    def _compute(self) -> Any:
        layers = [self._cache.layer(index) for index in range(self._cache.layer_count)]
        return self._step(self._model, layers, self._tokens, self._positions, self._column, self._columns, self._starts)


def laid_out_step(
    model: Any, layers: Layers, tokens: Any, positions: Any, column: Any, columns: Any, starts: Any
) -> Any:
    """Logits (rows, vocabulary) of one step: of tensors alone, so that it can be recorded or compiled.

    `tokens` (rows, 1), `positions` and `starts` (rows,), `column` (1,), `columns` (capacity,): all int64. Keys and
    values of `column` are written into `layers`.
    """
    network = model.model.language_model
    allowed = (columns >= starts[:, None]) & (columns <= column)
    output = network(
        inputs_embeds=network.embed_tokens(tokens),
        attention_mask={"full_attention": allowed[:, None, None]},
        position_ids=positions[None, :, None].expand(3, -1, 1),
        past_key_values=_FixedCache(layers, column),
        use_cache=True,
    )
    return model.lm_head(output.last_hidden_state[:, -1])
