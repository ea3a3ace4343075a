"""The vision tower's attention in few calls: pieces of equal length are attended to together, not one after another.

transformers calls attention once for each frame (Qwen2.5-VL: for each window of each frame) in each of 32 layers: 49
segments of 4 frames are 3136 calls, each too small to fill a GPU. Frames of one size fit into one call a layer.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from services.vlm.compiled import Compiled, Compiler

KEPT_LAYOUTS = 4
"""Layouts remembered: a pass has one (frames) or two (frames and windows), the same tensors in all its layers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Pieces of one length."""

    count: int
    length: int
    index: Any
    """(count x length,) positions of their patches; None where these are all patches in order."""


class Layouts:
    """Where the pieces lie, found once for each tensor of edges: reading it waits for the device."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, list[Group]]] = {}

    def groups(self, edges: Any) -> list[Group]:
        """Pieces by length. `edges`: (pieces + 1,) int, where each begins, and the end."""
        # The tensor itself is kept with its groups, so its id cannot pass to another meanwhile.
        if id(edges) not in self._known:
            if len(self._known) >= KEPT_LAYOUTS:
                self._known.clear()
            self._known[id(edges)] = (edges, _grouped(edges))
        return self._known[id(edges)][1]


def attend_together(visual: Any) -> None:
    """Let a vision tower of Qwen2-VL or Qwen2.5-VL attend by groups. What it computes stays the same."""
    layouts = Layouts()
    for block in visual.blocks:
        block.attn.forward = _forward_of(block.attn, layouts)


def compile_blocks(visual: Any, *, compiler: Compiler = "inductor") -> Compiled:
    """Let the tower's blocks run compiled where their pieces are of one length; others run as they are.

    All blocks are of one code, so one compilation serves them.
    """
    layouts = Layouts()
    compiled = Compiled(_even_block, name="vision tower", compiler=compiler)
    for block in visual.blocks:
        block.forward = _block_forward_of(block, layouts, compiled)
    return compiled


def _block_forward_of(block: Any, layouts: Layouts, compiled: Compiled) -> Any:
    as_it_is = block.forward

    def forward(hidden_states: Any, cu_seqlens: Any, position_embeddings: Any, **more: Any) -> Any:
        """(patches, width) to the same."""
        groups = layouts.groups(cu_seqlens)
        if len(groups) > 1 or groups[0].index is not None:
            return as_it_is(hidden_states, cu_seqlens=cu_seqlens, position_embeddings=position_embeddings, **more)
        return compiled(block, hidden_states, *position_embeddings, groups[0].length)

    return forward


def _even_block(block: Any, hidden_states: Any, cosines: Any, sines: Any, length: int) -> Any:
    """One block of the tower over pieces of `length` patches each."""
    from torch.nn.functional import scaled_dot_product_attention

    attention, normed = block.attn, block.norm1(hidden_states)
    rotate = sys.modules[type(attention).__module__].apply_rotary_pos_emb_vision
    projected = attention.qkv(normed).reshape(normed.shape[0], 3, attention.num_heads, -1)
    queries, keys, values = projected.unbind(1)
    queries, keys = rotate(queries, keys, cosines, sines)
    group = Group(count=-1, length=length, index=None)
    query, key, value = (_pieces(states, group) for states in (queries, keys, values))
    together = scaled_dot_product_attention(query, key, value, scale=attention.scaling)
    hidden_states = hidden_states + attention.proj(together.transpose(1, 2).reshape(normed.shape[0], -1))
    return hidden_states + block.mlp(block.norm2(hidden_states))


def _forward_of(attention: Any, layouts: Layouts) -> Any:
    rotate = sys.modules[type(attention).__module__].apply_rotary_pos_emb_vision

    def forward(hidden_states: Any, cu_seqlens: Any, position_embeddings: Any, **_: Any) -> Any:
        """(patches, width) to the same."""
        import torch
        from torch.nn.functional import scaled_dot_product_attention

        patches = hidden_states.shape[0]
        projected = attention.qkv(hidden_states).reshape(patches, 3, attention.num_heads, -1)
        queries, keys, values = projected.unbind(1)
        queries, keys = rotate(queries, keys, *position_embeddings)
        seen = torch.empty_like(values)
        for group in layouts.groups(cu_seqlens):
            query, key, value = (_pieces(states, group) for states in (queries, keys, values))
            together = scaled_dot_product_attention(query, key, value, scale=attention.scaling)
            flat = together.transpose(1, 2).reshape(-1, *values.shape[1:])
            seen[slice(None) if group.index is None else group.index] = flat
        return attention.proj(seen.reshape(patches, -1))

    return forward


def _pieces(states: Any, group: Group) -> Any:
    """(pieces, heads, length, head size) of (patches, heads, head size)."""
    chosen = states if group.index is None else states[group.index]
    return chosen.reshape(group.count, group.length, *states.shape[1:]).transpose(1, 2)


def _grouped(edges: Any) -> list[Group]:
    import torch

    starts = defaultdict(list)
    for start, end in pairwise(edges.tolist()):
        if end > start:
            starts[end - start].append(start)
    if len(starts) == 1:
        ((length, firsts),) = starts.items()
        return [Group(count=len(firsts), length=length, index=None)]
    return [
        Group(
            count=len(firsts),
            length=length,
            index=torch.tensor([at for first in firsts for at in range(first, first + length)], device=edges.device),
        )
        for length, firsts in starts.items()
    ]
