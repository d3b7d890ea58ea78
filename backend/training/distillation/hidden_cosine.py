"""The student's features point where the teacher's do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch.nn.functional as F
from torch import Tensor

from backend.description import Reference
from backend.training.distillation._base import PAIRS, WEIGHT, Distillation
from backend.training.distillation._features import regressor, same_size


def loss(student: Sequence[Tensor], teacher: Sequence[Tensor], settings: Mapping[str, Any]) -> Tensor:
    """1 − cos(h_student, h_teacher), mean over the batch (Sanh et al. 2019, section 3: the cosine embedding loss that
    aligns the directions of hidden states). A hidden state is a row of N×D, each of the T rows of N×T×D, and a whole
    image of N×C×H×W; where widths differ, the student's goes through a regressor first."""
    own, wanted = same_size(student[0], teacher[0])
    if own.dim() == 4:
        own, wanted = own.flatten(1), wanted.flatten(1)
    return (1 - F.cosine_similarity(own, wanted, dim=-1)).mean()


METHOD = Distillation(
    id="hidden_cosine",
    label="Hidden cosine",
    summary="The outputs of the student's layers point where those of the teacher's do, whatever their length.",
    when="Like feature MSE, but it does not depend on how large features are, so that one weight suits all layers.",
    reference=Reference(
        authors="Sanh, Debut, Chaumond and Wolf",
        title="DistilBERT, a distilled version of BERT: smaller, faster, cheaper and lighter",
        year=2019,
        link="arXiv:1910.01108",
    ),
    parameters=(WEIGHT, PAIRS),
    on="features",
    loss=loss,
    adapter=regressor,
)
