"""The teacher's softened probabilities as targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from backend.description import Reference
from backend.training.distillation._base import TEMPERATURE, WEIGHT, Distillation


def loss(outputs: Tensor, teacher: Tensor, labels: Tensor, settings: Mapping[str, Any]) -> Tensor:
    """T²·KL(softmax(teacher ÷ T) ‖ softmax(outputs ÷ T)), mean over the batch (Hinton et al. 2015,
    "Distilling the knowledge in a neural network", section 2: T² keeps the gradients' size)."""
    t = float(settings["temperature"])
    softened, wanted = F.log_softmax(outputs / t, 1), F.log_softmax(teacher / t, 1)
    return t * t * F.kl_div(softened, wanted, log_target=True, reduction="batchmean")


METHOD = Distillation(
    id="soft_targets",
    label="Soft targets",
    summary="Learns the teacher's probabilities, which say more of an image than its label.",
    when="In every fine-tuning of a classifier after much was pruned or quantized. The teacher is asked once for each "
    "image; in every epoch again where images are augmented.",
    reference=Reference(
        authors="Hinton, Vinyals and Dean",
        title="Distilling the Knowledge in a Neural Network",
        year=2015,
        link="arXiv:1503.02531",
    ),
    parameters=(WEIGHT, TEMPERATURE),
    on="outputs",
    loss=loss,
)
