"""A layer of the student learns from that of several layers of the teacher which is nearest to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from backend.description import Reference
from backend.training.distillation._base import PAIRS, WEIGHT, Distillation
from backend.training.distillation._features import regressor, same_size


def loss(student: Sequence[Tensor], teacher: Sequence[Tensor], settings: Mapping[str, Any]) -> Tensor:
    """The least, over j, of mean (u_j − r_j(u_student))², u_j the teacher's layers and r_j a regressor for each.

    Xia et al. 2022, section 3.2, with the roles exchanged: there a layer of the teacher chooses among those of the
    student that are left. Which one is nearest is decided anew in every batch.
    """
    errors = [F.mse_loss(*same_size(own, wanted)) for own, wanted in zip(student, teacher, strict=True)]
    return torch.stack(errors).min()


METHOD = Distillation(
    id="dynamic_layerwise",
    label="Dynamic layerwise",
    summary="Each layer of the student is compared with several of the teacher, and the nearest one teaches it.",
    when="Where the teacher has more layers than the student and nobody knows which belong together. Costs a regressor "
    "for every layer that is compared.",
    reference=Reference(
        authors="Xia, Zhong and Chen",
        title="Structured Pruning Learns Compact and Accurate Models",
        year=2022,
        link="arXiv:2204.00408",
    ),
    parameters=(WEIGHT, PAIRS),
    on="features",
    loss=loss,
    adapter=regressor,
    several=True,
)
