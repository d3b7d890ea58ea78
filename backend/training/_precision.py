"""In which precision a training computes: float32, or 16 bits where autocast knows them to do.

Weights, their gradients' sums, normalization statistics and losses stay in float32 (Micikevicius et al. 2018, "Mixed
precision training"), so masks stay exact.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.session import Session
from backend.training.loss import task_loss

FULL, AUTO = "float32", "auto"
TYPES = {"bfloat16": torch.bfloat16, "float16": torch.float16}
ROUNDS = 4
"""Batches of each precision that ``auto`` times, the first of which only warms up."""
FASTER = 1.1
"""How much faster 16 bits must be: less is within the noise."""


class Precision:
    """Computes forward passes in one precision, and steps with gradients that do not underflow.

    float16 has so few exponents that small gradients become zero: the loss is scaled before they are computed, and a
    step whose gradients overflow is left out (section 3.2).

    Args:
        name: ``float32``, ``bfloat16`` or ``float16``.
        device: where the network is.
    """

    def __init__(self, name: str, device: torch.device) -> None:
        self._name, self._type, self._device = name, TYPES.get(name), device.type
        self._scaler = torch.amp.GradScaler(self._device, enabled=self._type is torch.float16)

    def computing(self) -> AbstractContextManager[object]:
        """Forward passes within it compute in this precision."""
        if self._type is None:
            return nullcontext()
        return torch.autocast(self._device, self._type)

    def backward(self, loss: Tensor, optimizer: torch.optim.Optimizer) -> bool:
        """Compute gradients; whether they can be used."""
        if not self._scaler.is_enabled():
            loss.backward()
            return True
        self._scaler.scale(loss).backward()
        self._scaler.unscale_(optimizer)
        gradients = [p.grad for group in optimizer.param_groups for p in group["params"] if p.grad is not None]
        return all(bool(torch.isfinite(gradient).all()) for gradient in gradients)

    def step(self, optimizer: torch.optim.Optimizer) -> None:
        """Let ``optimizer`` step, unless gradients overflowed."""
        self._scaler.step(optimizer)
        self._scaler.update()

    def state_dict(self) -> dict[str, Any]:
        return {"name": self._name, "scaler": self._scaler.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self._scaler.load_state_dict(state["scaler"])


def names(device: str) -> list[str]:
    """Precisions that a network on ``device`` can be trained in."""
    return [FULL, "bfloat16", "float16"] if device == "cuda" else [FULL, "bfloat16"]


def fastest(session: Session, batch_size: int, cancel: Cancel) -> str:
    """The precision in which a copy of the session's network trains fastest, timed in turn on one batch.

    float32 is kept unless another one gains clearly.
    """
    drawn = torch.Generator().manual_seed(session.recipe.seed)
    batch = next(session.data.batches("train", batch_size, generator=drawn, device=session.device))
    module = copy.deepcopy(session.network.module).train()
    best = dict.fromkeys(names(session.device.type), float("inf"))
    with torch.random.fork_rng([session.device] if session.device.type == "cuda" else []):
        for done in range(ROUNDS):
            for name in best:
                cancel.check()
                seconds = _seconds(module, batch, name, session.device)
                if done:
                    best[name] = min(best[name], seconds)
    chosen = min(best, key=lambda name: best[name])
    return chosen if best[chosen] * FASTER < best[FULL] else FULL


def _seconds(module: nn.Module, batch: Sequence[Tensor], name: str, device: torch.device) -> float:
    """What one forward and backward pass takes."""
    images, labels = batch
    begun = time.perf_counter()
    with Precision(name, device).computing():
        outputs = module(images)
    task_loss(outputs.float(), labels).backward()  # type: ignore[no-untyped-call]
    module.zero_grad()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter() - begun
