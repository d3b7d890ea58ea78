"""The structure part of a measurement: what result.json calls M, accuracy and latency aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.evaluation.macs import shapes
from backend.evaluation.size import size_bytes
from backend.evaluation.weights import Owned, owned
from backend.network import Network


def structure(
    network: Network,
    *,
    original: Network | None = None,
    figures: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Parameters, sparsity, MACs, size and the layers of ``network``.

    Sparsity is zeros ÷ weights present, and ``removed`` the share of the original weights that is
    gone; weights are the tensors of two or more dimensions (see :mod:`backend.evaluation.weights`).
    ``macs`` is None where the network cannot be run on one input.

    Args:
        network: what is measured.
        original: what ``removed`` is a share of; without it nothing was removed.
        figures: layer name → what a stage knows beside it (precision, scale, …); it overrides.
    """
    layers = owned(network.module)
    present = _weights(layers)
    before = present if original is None else _weights(owned(original.module))
    return {
        "parameters": sum(layer.parameters for layer in layers.values()),
        "nonzero_parameters": sum(layer.nonzero for layer in layers.values()),
        "sparsity": _share(sum(_zeros(layer) for layer in layers.values()), present),
        "removed": max(0.0, _share(before - present, before)),
        "macs": total_macs(network),
        "size_bytes": size_bytes(network),
        "layers": layer_rows(network, figures, layers),
    }


def layer_rows(
    network: Network,
    figures: Mapping[str, Mapping[str, Any]] | None = None,
    layers: Mapping[str, Owned] | None = None,
) -> list[dict[str, Any]]:
    """Rows L of result.json: one for every module that owns a weight, in the network's order."""
    types = {name: type(part).__name__ for name, part in network.module.named_modules()}
    return [
        {
            "name": name,
            "type": types[name],
            "parameters": layer.parameters,
            "sparsity": _share(_zeros(layer), sum(w.numel() for w in layer.weights)),
            "precision": layer.precision,
            **(figures or {}).get(name, {}),
        }
        for name, layer in (layers or owned(network.module)).items()
        if layer.weights
    ]


def total_macs(network: Network) -> int | None:
    """Multiply-accumulates of one input, or None where the network cannot be run on one."""
    try:
        return sum(shapes(network).macs.values())
    except Exception:  # a person's own forward may raise anything
        return None


def _weights(layers: Mapping[str, Owned]) -> int:
    return sum(w.numel() for layer in layers.values() for w in layer.weights)


def _zeros(layer: Owned) -> int:
    return sum(w.numel() - int(w.count_nonzero()) for w in layer.weights)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
