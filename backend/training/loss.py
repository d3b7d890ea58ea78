"""The loss that data and metric call for."""

from __future__ import annotations

from torch import Tensor, nn


def task_loss(outputs: Tensor, targets: Tensor, smoothing: float = 0.0) -> Tensor:
    """Mean cross entropy for class labels (int64), mean squared error for float targets.

    Args:
        outputs: N×K, before any softmax.
        targets: N.
        smoothing: ε of label smoothing: the label counts 1 − ε + ε/K and each other class ε/K (Szegedy et al. 2016,
            "Rethinking the inception architecture for computer vision", section 7); float targets have no classes.
    """
    if targets.is_floating_point():
        return nn.functional.mse_loss(outputs, targets)
    return nn.functional.cross_entropy(outputs, targets, label_smoothing=smoothing)
