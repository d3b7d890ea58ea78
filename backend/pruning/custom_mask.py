"""Masks that the person brings along."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from backend.description import Parameter
from backend.errors import CompressionError, msg
from backend.pruning._base import Candidate, Criterion


def mask(layer: Candidate) -> Tensor:
    """The mask of this layer in the file, as torch.nn.utils.prune.CustomFromMask takes it: 0 prunes.

    A layer ``conv1`` is found under ``conv1``, ``conv1.weight`` or ``conv1.weight_mask``; a layer the
    file does not name is left as it is.

    Raises:
        CompressionError: no file, a file of another kind, a mask of another shape or with other values.
    """
    file = layer.settings["file"]
    if not file:
        raise CompressionError(
            msg("The method custom_mask needs a file with masks."),
            msg("Set file to a .safetensors, .npz or .pt file of masks."),
        )
    masks = read_masks(layer.folder / file)
    names = (layer.name, f"{layer.name}.weight", f"{layer.name}.weight_mask")
    found = next((masks[name] for name in names if name in masks), None)
    if found is None:
        return torch.ones_like(layer.weight)
    if found.shape != layer.weight.shape:
        raise CompressionError(
            msg(
                "The mask of {layer} has shape {found}, its weight {expected}.",
                layer=layer.name,
                found=str(tuple(found.shape)),
                expected=str(tuple(layer.weight.shape)),
            ),
            msg("Make the mask for this network, or remove it from the file."),
        )
    found = found.to(layer.weight)
    if not bool(((found == 0) | (found == 1)).all()):
        raise CompressionError(
            msg("The mask of {layer} holds values other than 0 and 1.", layer=layer.name),
            msg("Write 1 for weights to keep and 0 for weights to prune."),
        )
    return found


@functools.lru_cache(maxsize=1)
def read_masks(path: Path) -> Mapping[str, Tensor]:
    """Every tensor in a .safetensors, .npz or .pt file by name. Nothing in the file is executed."""
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as arrays:
                return {name: torch.from_numpy(arrays[name]) for name in arrays.files}
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise CompressionError(
            msg("There is no file of masks at {path}.", path=str(path)), msg("Check the name of the file.")
        ) from error
    except Exception as error:  # a damaged file provokes whatever its reader stumbles over
        raise _not_masks(path, str(error)) from error
    if not isinstance(loaded, dict) or not all(isinstance(value, Tensor) for value in loaded.values()):
        raise _not_masks(path, "no dictionary of tensors")
    return loaded


def _not_masks(path: Path, details: str) -> CompressionError:
    return CompressionError(
        msg("{path} holds no masks that Pare can read.", path=str(path)),
        msg("Save a dictionary from layer name to a tensor of 0 and 1 as .safetensors, .npz or .pt."),
        details=details,
    )


METHOD = Criterion(
    id="custom_mask",
    label="Custom mask",
    summary="Takes the masks from a file, layer by layer; the amount then follows from the file.",
    when="When the masks were found by another tool, or in an earlier run. Costs nothing to compute.",
    parameters=(
        Parameter(
            name="file", type="file", label="File with masks", per_layer=False, summary=".safetensors, .npz, .pt"
        ),
    ),
    unit="weight",
    mask=mask,
)
