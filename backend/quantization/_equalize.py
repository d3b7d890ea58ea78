"""Cross-layer equalization: ranges moved between consecutive layers, the network's function unchanged.

Nagel, van Baalen, Blankevoort, Welling, "Data-free quantization through weight equalization and bias
correction", ICCV 2019, section 4.1. For a pair of layers joined by a positively homogeneous function,
f(s·x) = s·f(x) with s > 0, channel i of the first may be divided by s_i and the input channel i of the
second multiplied by it. With r1_i and r2_i the largest magnitudes of the channel's weights in the two,
s_i = √(r1_i·r2_i) / r2_i makes both √(r1_i·r2_i) (eq. 11): no channel then needs a scale much larger than another.
"""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn

from backend.cancel import Cancel
from backend.errors import Message, msg
from backend.evaluation._mode import evaluating
from backend.sensitivity._trace import trace

LAYERS = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
POOLS = (
    nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d, nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d,
    nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d, nn.AdaptiveAvgPool3d, nn.AdaptiveMaxPool1d, nn.AdaptiveMaxPool2d,
)  # fmt: skip
HOMOGENEOUS = (nn.ReLU, nn.LeakyReLU, nn.Identity, nn.Dropout, nn.Dropout2d, nn.Flatten, *POOLS)
FUNCTIONS = {
    F.relu, F.leaky_relu, F.max_pool1d, F.max_pool2d, F.avg_pool2d, F.adaptive_avg_pool2d, F.dropout,
    torch.relu, torch.flatten, torch.max_pool2d, torch.reshape,
}  # fmt: skip
METHODS = {"relu", "relu_", "flatten", "view", "reshape", "contiguous"}
LOOKS = {"size", "dim"}
"""Methods that look at a tensor's shape alone."""
ROUNDS = 20
SETTLED = 1e-3
LARGEST = 1e3
"""No scale of one round is larger, nor smaller than its inverse."""
SAME = 1e-4
"""Largest difference of outputs, relative to the largest output, that rounding explains."""


@dataclass(frozen=True)
class Pair:
    """Two layers that only a positively homogeneous function joins.

    Attributes:
        first: name of a layer.
        second: name of the layer its outputs go to, and nowhere else.
        norm: the BatchNorm right after ``first``, if there is one.
        second_norm: the one right after ``second``.
    """

    first: str
    second: str
    norm: str | None = None
    second_norm: str | None = None


@dataclass(frozen=True)
class Equalized:
    """What was done.

    Attributes:
        pairs: whose ranges are equal now.
        refused: first layer of a pair that is joined otherwise → why it was left.
        scales: largest factor by which a channel was scaled, over all pairs.
    """

    pairs: tuple[Pair, ...]
    refused: dict[str, Message]
    scales: float


def equalize(module: nn.Module, images: Tensor, folded: bool, cancel: Cancel) -> Equalized:
    """Equalize ``module`` in place.

    Args:
        module: a float network in evaluation mode.
        images: N×C×H×W, on which the outputs are compared before and after.
        folded: whether ranges are those of weights with BatchNorm folded in, as int8 schemes round them.
        cancel: checked at every round.

    Returns:
        What was done: nothing, where the network would have given something else.
    """
    pairs, refused = find_pairs(module)
    kept = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    before = _outputs(module, images)
    largest = 1.0
    for _ in range(ROUNDS):
        cancel.check()
        scales = [equalize_pair(module, pair, folded) for pair in pairs]
        moved = max((float(s.log().abs().max().exp()) for s in scales), default=1.0)
        largest = max(largest, moved)
        if moved < 1 + SETTLED:
            break
    if pairs and float((_outputs(module, images) - before).abs().max()) > SAME * max(1.0, float(before.abs().max())):
        module.load_state_dict(kept)
        return Equalized((), refused, 1.0)
    return Equalized(tuple(pairs), refused, largest)


def equalize_pair(module: nn.Module, pair: Pair, folded: bool) -> Tensor:
    """Divide the channels of the first layer by s, multiply them in the second; returns s (one a channel).

    BatchNorm's mean is divided with what it looks at, its bias with what it gives; its variance and weight
    stay, so that nothing is rounded by its ε.
    """
    first: Any = module.get_submodule(pair.first)
    second: Any = module.get_submodule(pair.second)
    norm: Any = module.get_submodule(pair.norm) if pair.norm else None
    with torch.no_grad():
        inputs = _by_input(second.weight, second, len(first.weight))
        ranged = _folded(module, second, pair.second_norm) if folded else second.weight
        r2 = _by_input(ranged, second, len(first.weight)).abs().amax((1, 2))
        r1 = (_folded(module, first, pair.norm) if folded else first.weight).flatten(1).abs().amax(1)
        s = scales(r1, r2)
        first.weight.div_(s.view(-1, *[1] * (first.weight.dim() - 1)))
        for vector in (first.bias, *((norm.running_mean, norm.bias) if norm is not None else ())):
            if vector is not None:
                vector.div_(s)
        _put_by_input(second, inputs * s[:, None, None])
    return s


def scales(r1: Tensor, r2: Tensor) -> Tensor:
    """√(r1·r2) / r2 per channel; 1 where a channel is empty on either side."""
    s = (r1 * r2).sqrt() / r2
    return torch.where((r1 > 0) & (r2 > 0) & s.isfinite(), s, 1.0).clamp(1 / LARGEST, LARGEST)


def find_pairs(module: nn.Module) -> tuple[list[Pair], dict[str, Message]]:
    """Pairs of ``module`` in its order, and first layer → why its pair was left where an activation is the cause."""
    graph, _ = trace(copy.deepcopy(module))  # a forward that keeps what it saw keeps proxies now
    calls = Counter(str(node.target) for node in graph.nodes if node.op == "call_module")
    owners = Counter(id(p) for _, p in module.named_parameters(remove_duplicate=False))
    once = {
        name
        for name, count in calls.items()
        if count == 1 and all(owners[id(p)] == 1 for p in module.get_submodule(name).parameters())
    }
    norms = _norms(module, graph)
    pairs, refused = [], {}
    for node in graph.nodes:
        if node.op == "call_module" and node.target in once and _is(module, node, LAYERS):
            found = _follow(module, node, once)
            if isinstance(found, Pair):
                pairs.append(replace(found, second_norm=norms.get(found.second)))
            elif found is not None:
                refused[str(node.target)] = found
    return pairs, refused


def norms_after(module: nn.Module) -> dict[str, str]:
    """Layer → the BatchNorm that alone takes its outputs, where each runs once."""
    return _norms(module, trace(copy.deepcopy(module))[0])


def _norms(module: nn.Module, graph: fx.Graph) -> dict[str, str]:
    calls = Counter(str(node.target) for node in graph.nodes if node.op == "call_module")
    found = {}
    for node in graph.nodes:
        user = _only_user(node) if _is(module, node, LAYERS) else None
        if user is not None and _is(module, user, NORMS) and calls[str(node.target)] == calls[str(user.target)] == 1:
            found[str(node.target)] = str(user.target)
    return found


def _follow(module: nn.Module, start: fx.Node, once: set[str]) -> Pair | Message | None:
    """The pair that begins at ``start``; why an activation forbids it; None where nothing joins two layers alone."""
    first, norm = str(start.target), None
    wrong: Message | None = None
    node: fx.Node | None = _only_user(start)
    while node is not None:
        if _is(module, node, LAYERS):
            second = str(node.target)
            fits = second in once and node.args[0] is not None and _inputs(module, second) % _outs(module, first) == 0
            return (wrong or Pair(first, second, norm)) if fits else None
        if norm is None and wrong is None and _is(module, node, NORMS) and node.args[0] is start:
            if str(node.target) not in once or module.get_submodule(str(node.target)).running_mean is None:
                return None
            norm = str(node.target)
        elif not _is_homogeneous(module, node):
            if not _is_activation(module, node):
                return None
            wrong = msg("{activation} after it is not positively homogeneous", activation=_named(module, node))
        node = _only_user(node)
    return None


def _only_user(node: fx.Node) -> fx.Node | None:
    """The one step that goes on with the values of ``node``; None where there are others."""
    users = [user for user in node.users if not _looks(user)]
    if len(users) != 1 or not users[0].args or users[0].args[0] is not node or users[0].op == "output":
        return None
    return users[0]


def _looks(node: fx.Node) -> bool:
    """Whether a step asks for the shape alone."""
    if node.op == "call_method":
        return node.target in LOOKS
    return node.op == "call_function" and node.target is getattr and node.args[1:2] == ("shape",)


def _is(module: nn.Module, node: fx.Node, kinds: tuple[type, ...]) -> bool:
    return node.op == "call_module" and type(module.get_submodule(str(node.target))) in kinds


def _is_homogeneous(module: nn.Module, node: fx.Node) -> bool:
    if node.op == "call_method":
        return node.target in METHODS
    if node.op == "call_function":
        return node.target in FUNCTIONS
    return _is(module, node, HOMOGENEOUS)


def _is_activation(module: nn.Module, node: fx.Node) -> bool:
    """Whether a step acts on each value by itself, so that only its shape keeps the pair from being one."""
    if node.op == "call_module":
        part = module.get_submodule(str(node.target))
        return type(part).__module__ == "torch.nn.modules.activation" and not any(True for _ in part.parameters())
    name = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", "")
    return name in ("relu6", "hardswish", "hardsigmoid", "silu", "gelu", "tanh", "sigmoid", "elu", "selu", "mish")


def _named(module: nn.Module, node: fx.Node) -> str:
    if node.op == "call_module":
        return type(module.get_submodule(str(node.target))).__name__
    return node.target if isinstance(node.target, str) else getattr(node.target, "__name__", "")


def _inputs(module: nn.Module, name: str) -> int:
    layer: Any = module.get_submodule(name)
    return int(layer.in_features if isinstance(layer, nn.Linear) else layer.in_channels)


def _outs(module: nn.Module, name: str) -> int:
    layer: Any = module.get_submodule(name)
    return len(layer.weight)


def _by_input(weight: Tensor, layer: Any, channels: int) -> Tensor:
    """``weight`` (of ``layer``) as channels × outputs × rest: the weights that each of ``channels`` inputs meets.

    A linear layer after flattening has as many inputs of each channel, side by side, as it has positions.
    """
    groups = getattr(layer, "groups", 1)
    outputs, within = len(weight) // groups, channels // groups
    split = weight.reshape(groups, outputs, within, -1)
    return split.permute(0, 2, 1, 3).reshape(channels, outputs, -1)


def _put_by_input(layer: Any, values: Tensor) -> None:
    groups = getattr(layer, "groups", 1)
    channels, outputs, rest = values.shape
    split = values.reshape(groups, channels // groups, outputs, rest).permute(0, 2, 1, 3)
    layer.weight.copy_(split.reshape(layer.weight.shape))


def _folded(module: nn.Module, layer: Any, name: str | None) -> Tensor:
    """The weight of ``layer`` times γ / √(σ² + ε) of the BatchNorm ``name``, as far as its range goes."""
    weight: Tensor = layer.weight
    if name is None:
        return weight
    norm: Any = module.get_submodule(name)
    gain = (norm.running_var + norm.eps).rsqrt() * (1.0 if norm.weight is None else norm.weight)
    scaled: Tensor = weight * gain.view(-1, *[1] * (weight.dim() - 1))
    return scaled


def _outputs(module: nn.Module, images: Tensor) -> Tensor:
    with evaluating(module), torch.no_grad():
        made: Tensor = module(images)
    return made.detach().clone()
