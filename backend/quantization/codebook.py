"""Weight sharing: every weight of a layer is one of a few values (Deep Compression, Han et al. 2016).

Section 3: the weights of a layer that are not zero are clustered by k-means, min Σ_k Σ_{w ∈ C_k} |w − c_k|²
(eq. 2), from centroids c_k spread evenly between the smallest and the largest (linear initialization). While
weights move, codes rest and centroids learn: ∂L/∂c_k = Σ_{ij} ∂L/∂W_ij · 1(I_ij = k) (eq. 3). Pruned weights
stay exactly zero and take no centroid.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.description import Parameter, Reference
from backend.errors import Message, msg
from backend.events import Emit, Progress
from backend.quantization._base import START, Outcome, Scheme, path_of
from backend.quantization._codes import encoded
from backend.quantization._packing import applies, pack, rebuild
from backend.quantization._rounding import chosen
from backend.recipe import LayerPlan
from backend.removal import replay
from backend.session import Session

ID = "codebook"
ROUNDS = 1000
"""Lloyd's iterations end by themselves; this bounds the slowest."""


def quantize(session: Session, plans: Mapping[str, LayerPlan], index: int, emit: Emit, cancel: Cancel) -> Outcome:
    """Share the weights of the planned layers.

    Raises:
        CompressionError: none of them is a convolution or a linear layer, or a weight is NaN or infinite.
    """
    bits, left = _chosen(session, plans, index)
    module = session.network.copy().module
    with torch.no_grad():
        for done, (name, count) in enumerate(bits.items()):
            cancel.check()
            emit(Progress(index, done, len(bits), msg("Sharing weights")))
            layer = module.get_submodule(name)
            layer.get_parameter("weight").copy_(weight(layer.get_parameter("weight"), {"bits": count}))
    return _packed(module, bits, left, index, emit, cancel)


def weight(values: Tensor, settings: Mapping[str, Any]) -> Tensor:
    """``values`` with each replaced by its centroid; zeros stay zero."""
    centroids, codes = cluster(values, settings["bits"])
    return _looked_up(centroids, codes)


def cluster(values: Tensor, bits: int) -> tuple[Tensor, Tensor]:
    """k-means of the values that are not zero: Lloyd's algorithm, exact in one dimension.

    Args:
        values: finite, any shape.
        bits: 2^bits is the number of centroids; fewer different values are their own centroids.

    Returns:
        Centroids (ascending, type of ``values``) and codes (shape of ``values``): which centroid, and
        for a zero the number of centroids.
    """
    flat = values.detach().flatten().cpu().double()
    ordered = flat[flat != 0].sort().values
    different = ordered.unique_consecutive()
    if len(different) <= 2**bits:
        centroids = different
    else:
        centroids = _lloyd(ordered, torch.linspace(ordered[0], ordered[-1], 2**bits, dtype=torch.float64))
    centroids = centroids.to(values.dtype).double()
    codes = torch.searchsorted(_between(centroids), flat) if len(centroids) else torch.zeros_like(flat).long()
    codes[flat == 0] = len(centroids)
    return centroids.to(values), codes.reshape(values.shape).to(values.device)


def _lloyd(ordered: Tensor, centroids: Tensor) -> Tensor:
    """Centroids that are the means of what is nearest to them; one that nothing is nearest to stays."""
    sums = torch.cat([torch.zeros(1, dtype=torch.float64), ordered.cumsum(0)])
    before = None
    for _ in range(ROUNDS):
        inner = torch.searchsorted(ordered, _between(centroids))
        if before is not None and torch.equal(inner, before):
            break
        edges = torch.cat([torch.tensor([0]), inner, torch.tensor([len(ordered)])])
        counts = edges.diff()
        centroids = torch.where(counts > 0, sums[edges].diff() / counts.clamp(min=1), centroids)
        before = inner
    return centroids


def _between(centroids: Tensor) -> Tensor:
    return (centroids[1:] + centroids[:-1]) / 2


def _looked_up(centroids: Tensor, codes: Tensor) -> Tensor:
    return torch.cat([centroids, centroids.new_zeros(1)])[codes]


class _Sharing:
    """One weight whose values are shared from ``begin`` on, and its centroids, which learn.

    The weight itself holds the shared values: its gradient, summed by cluster, is the centroids'.
    """

    def __init__(self, session: Session, name: str, parameter: nn.Parameter, bits: int) -> None:
        self._session, self._name, self._parameter, self._bits = session, f"{name}.weight", parameter, bits
        self.centroids = nn.Parameter(parameter.new_zeros(2**bits))
        self._codes: Tensor | None = None
        self._mask: Tensor | None = None

    def begin(self) -> None:
        with torch.no_grad():
            centroids, codes = cluster(self._parameter, self._bits)
            self.centroids[: len(centroids)] = centroids
            self._codes = codes.masked_fill(codes == len(centroids), 2**self._bits)
        self._gather_from_now_on()
        self.write()

    def go_on(self, codes: Tensor) -> None:
        """As after a ``begin`` that found these ``codes``."""
        if self._codes is None:
            self._gather_from_now_on()
        self._codes = codes.to(self._parameter.device)

    @property
    def codes(self) -> Tensor | None:
        """Which centroid each value takes; None before ``begin``."""
        return self._codes

    def write(self) -> None:
        """Give every weight the value of its centroid; one that was pruned meanwhile leaves its cluster."""
        if self._codes is None:
            return
        mask = self._session.masks.get(self._name)
        if mask is not None and mask is not self._mask:
            self._codes = self._codes.masked_fill(mask.to(self._codes.device) == 0, 2**self._bits)
            self._mask = mask
        with torch.no_grad():
            self._parameter.copy_(_looked_up(self.centroids, self._codes))

    def end(self) -> None:
        self._handle.remove()

    def _gather_from_now_on(self) -> None:
        self._mask = self._session.masks.get(self._name)
        self._handle = self._parameter.register_post_accumulate_grad_hook(self._gather)

    def _gather(self, parameter: Tensor) -> None:
        """Eq. 3. Called after the weight's gradient is complete."""
        if self._codes is None or parameter.grad is None:
            return
        sums = parameter.grad.new_zeros(2**self._bits + 1)
        self.centroids.grad = sums.index_add_(0, self._codes.flatten(), parameter.grad.flatten())[:-1]


class _Learner:
    """Trains the session's network itself: its weights are held at their centroids after every step.

    Errors of layers are told against the network as it was when sharing began.
    """

    def __init__(
        self, session: Session, plans: Mapping[str, LayerPlan], index: int, emit: Emit, cancel: Cancel
    ) -> None:
        self._session, self._index, self._edits = session, index, len(session.network.edits)
        self.module = session.network.module
        self._bits, self._left = _chosen(session, plans, index)
        weights = {name: self.module.get_submodule(name).get_parameter("weight") for name in self._bits}
        first = {id(parameter): name for name, parameter in reversed(weights.items())}  # layers may share one
        self._sharing = [_Sharing(session, name, weights[name], self._bits[name]) for name in first.values()]
        self.parameters: Sequence[nn.Parameter] = [one.centroids for one in self._sharing]
        self.choices: Mapping[str, Any] = {}
        self._float: nn.Module | None = None

    def tap(self, layer: str) -> nn.Module:
        return self.module.get_submodule(layer)

    def begin(self) -> None:
        self._float = copy.deepcopy(self.module).eval()
        for one in self._sharing:
            one.begin()

    def after_step(self, _share: float) -> None:
        for one in self._sharing:
            one.write()

    def state_dict(self) -> dict[str, Any]:
        if self._float is None:
            return {}
        sharing = [{"centroids": one.centroids, "codes": one.codes} for one in self._sharing]
        return {"float": self._float.state_dict(), "sharing": sharing}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        if not state:
            return
        if self._float is None:
            self._float = copy.deepcopy(self.module).eval()
        self._float.load_state_dict(state["float"])
        for one, known in zip(self._sharing, state["sharing"], strict=True):
            with torch.no_grad():
                one.centroids.copy_(known["centroids"])
            one.go_on(known["codes"])

    def convert(self, emit: Emit, cancel: Cancel) -> Outcome:
        cancel.check()
        for one in self._sharing:
            one.end()
        network = self._session.network
        reference = self._float
        for edit in network.edits[self._edits :]:  # channels that were removed after the training
            reference = reference and (replay(reference, edit) or reference)
        outcome = _packed(network.copy().module.eval(), self._bits, self._left, self._index, emit, cancel)
        return dataclasses.replace(outcome, reference=reference)


def _chosen(session: Session, plans: Mapping[str, LayerPlan], index: int) -> tuple[dict[str, int], dict[str, Message]]:
    """Layer name → bits, and layer name → why it stays in float."""
    wanted, left = chosen(session.network.module, plans, applies, path_of(session, index))
    return {name: settings["bits"] for name, settings in wanted.items()}, left


def _packed(
    module: nn.Module,
    bits: Mapping[str, int],
    left: Mapping[str, Message],
    index: int,
    emit: Emit,
    cancel: Cancel,
) -> Outcome:
    """``module``, whose weights are shared already, with each as a byte stream."""
    codes, layers = {}, {}
    for done, (name, count) in enumerate(bits.items()):
        cancel.check()
        emit(Progress(index, done, len(bits), msg("Writing codebooks")))
        layer = module.get_submodule(name)
        precision = f"codebook{count}"
        codes[name] = pack(layer, *encoded.encode(layer.get_parameter("weight"), precision))
        layers[name] = {"precision": precision}
    emit(Progress(index, len(bits), len(bits), msg("Writing codebooks")))
    return Outcome(module, {"layers": codes}, layers, left, {})


METHOD = Scheme(
    id=ID,
    label="Codebook",
    summary="Each layer's weights take a few shared values, found by k-means, and zeros stay zero. The file is small, "
    "with Huffman codes; the network computes in float32, no faster than before.",
    when="For a small file after pruning: zeros and repeated values pack well. Clustering takes seconds; speed stays.",
    reference=Reference(
        authors="Han, Mao and Dally",
        title="Deep Compression: Compressing Deep Neural Networks with Pruning, Trained Quantization and "
        "Huffman Coding",
        year=2016,
        link="arXiv:1510.00149",
    ),
    parameters=(
        Parameter(
            name="bits",
            type="int",
            label="Bits",
            default=4,
            minimum=1,
            maximum=8,
            required=True,
            summary="A layer's weights take at most this many bits: 4 bits are 16 shared values beside zero.",
        ),
        START,
    ),
    quantize=quantize,
    rebuild=rebuild,
    applies=applies,
    learn=_Learner,
    weight=weight,
)
