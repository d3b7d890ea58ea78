"""Gradients of the loss on the calibration images, for the criteria that rank by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import torch
from torch import Tensor, nn

from backend.errors import CompressionError, msg
from backend.evaluation._mode import evaluating
from backend.evaluation.accuracy import forward
from backend.pruning._base import Candidate, Evidence
from backend.training.loss import task_loss

Term = Callable[[Candidate, Tensor, int], Tensor]
"""``term(layer, gradient, images)``: the gradient of the mean loss over that many images by the layer's weight."""


def summed(evidence: Evidence, term: Term, *, image_by_image: bool = False) -> tuple[dict[str, Tensor], int]:
    """Σ of ``term`` over the calibration batches, for every layer.

    The network runs in evaluation mode, so BatchNorm keeps its statistics, and is left as it was. The
    gradient of a layer that the loss does not reach is 0.

    Args:
        evidence: network, layers and batches; its ``cancel`` is checked at every pass.
        term: what to sum, fresh at every call.
        image_by_image: a pass for every image instead of every batch.

    Returns:
        Layer → sum, and over how many passes.

    Raises:
        CompressionError: there are no calibration images, or gradients are NaN or infinite.
    """
    sums: dict[str, Tensor] = {}
    passes = 0
    layers = list(evidence.layers.values())
    with _differentiable(evidence) as weights:
        for images, labels in _passes(evidence, image_by_image):
            passes += 1
            loss = task_loss(forward(evidence.module, images), labels)
            for layer, gradient in zip(layers, _gradients(loss, weights), strict=True):
                value = term(layer, gradient, len(images))
                sums[layer.name] = sums[layer.name].add_(value) if layer.name in sums else value
    _refuse(evidence, sums, passes)
    return sums, passes


def _passes(evidence: Evidence, image_by_image: bool) -> Iterator[tuple[Tensor, Tensor]]:
    for done, (images, labels) in enumerate(evidence.batches()):
        size = 1 if image_by_image else len(images)
        for part in zip(images.split(size), labels.split(size), strict=True):
            evidence.cancel.check()
            yield part
        evidence.progress(done + 1, evidence.count)


@contextmanager
def _differentiable(evidence: Evidence) -> Iterator[list[nn.Parameter]]:
    """The layers' weights, ready to be differentiated by, frozen ones too."""
    weights = [layer.module.get_parameter("weight") for layer in evidence.layers.values()]
    frozen = [weight for weight in weights if not weight.requires_grad]
    with ExitStack() as stack:
        stack.enter_context(evaluating(evidence.module))
        stack.enter_context(torch.enable_grad())
        if any(isinstance(part, nn.RNNBase) for part in evidence.module.modules()):
            # cuDNN differentiates recurrent layers in training mode only.
            stack.enter_context(torch.backends.cudnn.flags(enabled=False))
        for weight in frozen:
            stack.callback(weight.requires_grad_, False)
            weight.requires_grad_(True)
        yield weights


def _gradients(loss: Tensor, weights: list[nn.Parameter]) -> tuple[Tensor, ...]:
    """∂loss/∂weight, 0 where the loss does not depend on it; nothing is written into ``.grad``."""
    if not loss.requires_grad:
        return tuple(torch.zeros_like(weight) for weight in weights)
    return torch.autograd.grad(loss, weights, allow_unused=True, materialize_grads=True)


def _refuse(evidence: Evidence, sums: dict[str, Tensor], passes: int) -> None:
    if evidence.layers and not passes:
        raise CompressionError(
            msg("There are no calibration images, so the gradients of the loss can't be measured."),
            msg("Choose data with more training images, raise the limit, or choose a method that needs no data."),
        )
    for name, total in sums.items():
        if not bool(torch.isfinite(total).all()):
            raise CompressionError(
                msg("The gradients of {layer} on the calibration images are NaN or infinite.", layer=name),
                msg("Check the weights and the data's mean and standard deviation; train again if training diverged."),
            )
