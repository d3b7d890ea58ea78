"""torchvision, also on a torch that its compiled operators do not load on (FACTS: CPU-only builds).

Whatever needs torchvision, or a library that imports it, calls :func:`torchvision` first.
"""

from __future__ import annotations

import functools
import importlib
import sys
import warnings
from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import Any

import torch
from torch import nn

_OPERATORS = ("nms", "qnms")
_SCHEMA = "{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_TENSOR_ONLY = MappingProxyType({"googlenet": {"aux_logits": False}, "inception_v3": {"aux_logits": False}})
"""Without their auxiliary classifiers these return one tensor in training too."""
AUXILIARY = ("aux1.", "aux2.", "AuxLogits.")
"""Keys of what is left out."""


@functools.cache
def torchvision() -> ModuleType:
    """The package, imported.

    Its import fails where its operators can't be loaded, because it registers shapes for two of
    them. Declaring the two is enough for models, datasets and transforms.
    """
    try:
        return importlib.import_module("torchvision")
    except RuntimeError as error:
        if "torchvision::" not in str(error):
            raise
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        del sys.modules[name]
    _declared()
    return importlib.import_module("torchvision")


@functools.cache
def _declared() -> torch.library.Library:
    """The declarations; they last as long as this object."""
    library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
    for name in _OPERATORS:
        if not hasattr(torch.ops.torchvision, name):
            library.define(_SCHEMA.format(name=name))  # type: ignore[no-untyped-call]
    return library


@functools.cache
def torchvision_names() -> tuple[str, ...]:
    """Torchvision's classifiers by name."""
    models = torchvision().models
    return tuple(models.list_models(module=models))


def build_torchvision(name: str, num_classes: int, arguments: Mapping[str, Any] = {}) -> nn.Module:
    """The classifier ``name`` with fresh weights."""
    given = {**_TENSOR_ONLY.get(name, {}), **arguments}
    if name in _TENSOR_ONLY:
        given.setdefault("init_weights", True)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The default weight initialization")
        module: nn.Module = torchvision().models.get_model(name, weights=None, num_classes=num_classes, **given)
    return module


def torchvision_weights(name: str) -> Mapping[str, Any]:
    """The pretrained weights of ``name``: torchvision's enumeration by its members' names, DEFAULT included."""
    weights = torchvision().models.get_model_weights(name)
    return {"DEFAULT": weights.DEFAULT, **{member.name: member for member in weights}}


def pretrained_arguments(name: str, weights: str) -> dict[str, Any]:
    """Arguments that the network needs with torchvision's ``weights``: GoogLeNet's and Inception's were trained
    on other means, some vision transformers' on larger images."""
    if name in _TENSOR_ONLY:
        return {"transform_input": True}
    if name.startswith("vit_"):
        return {"image_size": torchvision_weights(name)[weights].meta["min_size"][0]}
    return {}


def torchvision_size(name: str) -> int:
    """Height and width that the classifier ``name`` is made for."""
    if name.startswith("vit_"):
        return 224
    size = torchvision_weights(name)["DEFAULT"].transforms().crop_size
    return int(size[0] if isinstance(size, (list, tuple)) else size)
