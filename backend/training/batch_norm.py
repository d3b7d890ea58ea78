"""BatchNorm re-estimation: the running statistics of a changed network, measured again.

What is pruned or removed changes what the normalization layers see; their running mean and variance
still describe the network as it was. They are measured again on training images: no weight moves,
and no label is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from backend.cancel import Cancel
from backend.datasets._base import Data
from backend.datasets._sample import sample
from backend.errors import CompressionError, msg
from backend.evaluation._mode import evaluating, hooked

IMAGES = 2048
BATCH = 128


class Batches(Protocol):
    """Batches of images (N×C×H×W, on the network's device) and how many they are."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Tensor]: ...


class TrainImages:
    """The batches that re-estimation looks at: 2,048 images of the train part, the same each time.

    They are augmented where the recipe's training images are: statistics belong to the images a network
    was trained on. (ResNet-20 for CIFAR-10 has 93.1 % with its own statistics, 93.1 % with those of 2,048
    augmented images, 90.0 % with those of the same images as they are.)
    """

    def __init__(self, data: Data, device: torch.device | str = "cpu", images: int = IMAGES) -> None:
        self._data, self._device = sample(data, "train", images), device

    def __len__(self) -> int:
        return self._data.count("train", BATCH)

    def __iter__(self) -> Iterator[Tensor]:
        drawn = torch.Generator().manual_seed(0)
        batches = self._data.batches("train", BATCH, generator=drawn, device=self._device)
        return (images for images, _ in batches)


def has_batch_norm(module: nn.Module) -> bool:
    """Whether there is anything to re-estimate."""
    return bool(_layers(module))


def reestimate(
    module: nn.Module, batches: Batches, cancel: Cancel, progress: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Measure the running statistics of every BatchNorm of ``module`` anew, in place.

    While it looks, each BatchNorm normalizes by its batch, as in training (what comes before a layer
    may be far off still); everything else is in evaluation mode. The moments of all batches are pooled:
    with n values and M the summed squared distances from the mean, two sets a and b together have
    mean = a + (b − a)·n_b/n and M = M_a + M_b + (b − a)²·n_a·n_b/n (Chan et al. 1979). The average of
    the batches' variances would leave out how far their means lie apart. As torch keeps it, the
    running variance is the unbiased one, M/(n − 1).

    Layers that keep no running statistics, or that no image reaches, stay as they are. So does
    everything where it is cancelled or fails.

    Args:
        module: the network; its modes are put back afterwards.
        batches: images; one that is left over alone is not looked at, there is no variance in it.
        cancel: checked at every batch.
        progress: ``progress(batches done, batches in all)``.

    Returns:
        How many layers have new statistics.

    Raises:
        CompressionError: there are fewer than two images.
    """
    moments = {layer: _Moments() for layer in _layers(module)}
    if not moments:
        return 0
    with _watching(module, moments), torch.no_grad():
        for done, images in enumerate(batches):
            cancel.check()
            if len(images) > 1:
                module(images)
            progress(done + 1, len(batches))
    seen = {layer: found for layer, found in moments.items() if found.count > 1}
    if not seen:
        raise CompressionError(
            msg("There are too few training images to measure BatchNorm's statistics on."),
            msg("Choose data with more training images, or leave re-estimation off."),
        )
    for layer, found in seen.items():
        _put(layer.running_mean, found.mean)
        _put(layer.running_var, found.squares / (found.count - 1))
        if layer.num_batches_tracked is not None:
            layer.num_batches_tracked.fill_(found.batches)
    return len(seen)


class _Moments:
    """Count, mean and summed squared distances per channel, in double precision on the CPU."""

    def __init__(self) -> None:
        self.count = self.batches = 0
        self.mean = self.squares = torch.zeros((), dtype=torch.float64)

    def add(self, values: Tensor) -> None:
        """Values N×C or N×C×…"""
        axes = [axis for axis in range(values.dim()) if axis != 1]
        variance, mean = (t.cpu().double() for t in torch.var_mean(values.float(), axes, correction=0))
        count = values.numel() // values.shape[1]
        total, apart = self.count + count, mean - self.mean
        self.squares = self.squares + variance * count + apart.square() * (self.count * count / total)
        self.mean = self.mean + apart * (count / total)
        self.count, self.batches = total, self.batches + 1


def _put(statistic: Tensor | None, value: Tensor) -> None:
    if statistic is not None:
        statistic.copy_(value.to(statistic.dtype))


def _layers(module: nn.Module) -> list[_BatchNorm]:
    return [part for part in module.modules() if isinstance(part, _BatchNorm) and part.running_mean is not None]


@contextmanager
def _watching(module: nn.Module, moments: dict[_BatchNorm, _Moments]) -> Iterator[None]:
    """Each layer of ``moments`` normalizes by its batch and notes what it sees; its own statistics stay."""

    def look(layer: nn.Module, inputs: tuple[Any, ...]) -> None:
        if isinstance(layer, _BatchNorm):
            moments[layer].add(inputs[0])

    kept = {layer: (layer.running_mean, layer.running_var, layer.num_batches_tracked) for layer in moments}
    with hooked(layer.register_forward_pre_hook(look) for layer in moments), evaluating(module):
        try:
            for layer in moments:
                # Without running statistics, evaluation mode normalizes by the batch.
                layer.running_mean = layer.running_var = layer.num_batches_tracked = None
            yield
        finally:
            for layer, (mean, variance, batches) in kept.items():
                layer.running_mean, layer.running_var, layer.num_batches_tracked = mean, variance, batches
