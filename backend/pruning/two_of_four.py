"""The 2:4 pattern that sparse tensor cores run fast."""

from __future__ import annotations

from torch import Tensor, nn

from backend.description import Reference
from backend.errors import Message, msg
from backend.pruning._base import Candidate, Criterion, needs_weight


def mask(layer: Candidate) -> Tensor:
    """1 at the 2 largest |w| of each 4 neighbors along the input dimension (Mishra et al. 2021,
    "Accelerating sparse deep neural networks"). Shape of the weight."""
    last = layer.weight.abs().movedim(1, -1)
    fours = last.reshape(*last.shape[:-1], -1, 4)
    kept = fours.new_zeros(fours.shape).scatter_(-1, fours.topk(2, dim=-1).indices, 1.0)
    mask: Tensor = kept.flatten(-2).movedim(-1, 1).contiguous()
    return mask


def applies(module: nn.Module) -> Message | None:
    """Four neighboring inputs are needed."""
    why = needs_weight(module)
    if why is None and module.get_parameter("weight").shape[1] % 4:
        return msg("Needs a multiple of 4 inputs")
    return why


METHOD = Criterion(
    id="two_of_four",
    label="2:4",
    summary="Keeps the 2 largest of each 4 neighboring weights: fast on NVIDIA's sparse tensor cores, not on a CPU.",
    when="When the network will run on NVIDIA's sparse tensor cores. Half of the weights go; fine-tuning "
    "usually wins back the accuracy.",
    reference=Reference(
        authors="Mishra et al.",
        title="Accelerating Sparse Deep Neural Networks",
        year=2021,
        link="arXiv:2104.08378",
    ),
    unit="weight",
    mask=mask,
    applies=applies,
    on_cpu=msg("PyTorch has no kernel for the 2:4 pattern on a CPU, so it makes nothing faster here."),
)
