"""BatchNorm folded into the convolution before it: one layer where there were two, and the same output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, fx, nn

CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


def fold(module: nn.Module, graph: fx.Graph) -> dict[str, str]:
    """Take the norms out of ``graph`` that follow a convolution and nothing else does.

    ``module`` keeps the norms; its convolutions get the folded weights and a bias.

    Returns:
        Convolution → norm.
    """
    calls = Counter(node.target for node in graph.nodes if node.op == "call_module")
    owners = Counter(id(p) for _, p in module.named_parameters(remove_duplicate=False))
    folded: dict[str, str] = {}
    for node in list(graph.nodes):
        before = node.args[0] if node.args else None
        if not isinstance(before, fx.Node) or len(before.users) != 1 or before.op != "call_module":
            continue
        if node.op != "call_module" or calls[node.target] > 1 or calls[before.target] > 1:
            continue
        conv, norm = str(before.target), str(node.target)
        if _folds(module.get_submodule(conv), module.get_submodule(norm), owners):
            node.replace_all_uses_with(before)
            graph.erase_node(node)
            folded[conv] = norm
    for conv, norm in folded.items():
        weights = folded_weights(module, conv, norm, {})
        layer = module.get_submodule(conv)
        layer.weight, layer.bias = (nn.Parameter(weights[f"{conv}.{name}"]) for name in ("weight", "bias"))
    return folded


def folded_weights(source: nn.Module, conv: str, norm: str, changed: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weight and bias of ``conv`` with ``norm`` folded in.

    y = γ·(W∗x + b − μ)/√(σ² + ε) + β = (s·W)∗x + s·(b − μ) + β with s = γ/√(σ² + ε), in float64.

    Args:
        source: holds both layers as they were.
        conv: name of the convolution.
        norm: name of the norm.
        changed: parameter name → value that takes the place of the one in ``source``.
    """
    layer: Any = source.get_submodule(conv)
    batch_norm: Any = source.get_submodule(norm)

    def value(name: str, part: Any, owner: str, default: float) -> Tensor:
        held = changed.get(f"{owner}.{name}", getattr(part, name))
        return torch.full_like(batch_norm.running_mean, default).double() if held is None else held.detach().double()

    weight = value("weight", layer, conv, 1.0)
    scale = value("weight", batch_norm, norm, 1.0) / (batch_norm.running_var.double() + batch_norm.eps).sqrt()
    bias = value("bias", layer, conv, 0.0) - batch_norm.running_mean.double()
    return {
        f"{conv}.weight": (weight * scale.view(-1, *[1] * (weight.dim() - 1))).to(layer.weight),
        f"{conv}.bias": (bias * scale + value("bias", batch_norm, norm, 0.0)).to(layer.weight),
    }


def _folds(conv: nn.Module, norm: nn.Module, owners: Mapping[int, int]) -> bool:
    """Whether a norm with statistics of its own follows a convolution whose weights nobody shares."""
    return (
        type(conv) in CONVOLUTIONS
        and type(norm) in NORMS
        and norm.running_mean is not None
        and all(owners[id(p)] == 1 for part in (conv, norm) for p in part.parameters())
    )
