"""What losses on features share: bringing a student's features into the teacher's shape."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Size, Tensor, nn


def regressor(student: Size, teacher: Size) -> nn.Module | None:
    """What brings channels (of N×C×H×W), or the last dimension (of N×D and N×T×D), into the teacher's number.

    A 1×1 convolution or a linear layer (Romero et al. 2015, section 2.2, whose regressor is a convolution too); None
    where the numbers agree.
    """
    axis = 1 if len(student) == 4 else -1
    if student[axis] == teacher[axis]:
        return None
    if axis == 1:
        return nn.Conv2d(student[1], teacher[1], 1)
    return nn.Linear(student[-1], teacher[-1])


def same_size(student: Tensor, teacher: Tensor) -> tuple[Tensor, Tensor]:
    """Both averaged to the smaller height and width (of a sequence, length) of the two."""
    if student.dim() == 4:
        height, width = (min(student.shape[i], teacher.shape[i]) for i in (2, 3))
        return _pooled(student, (height, width)), _pooled(teacher, (height, width))
    if student.dim() == 3 and student.shape[1] != teacher.shape[1]:
        length = min(student.shape[1], teacher.shape[1])
        shortened = (F.adaptive_avg_pool1d(x.transpose(1, 2), length).transpose(1, 2) for x in (student, teacher))
        first, second = shortened
        return first, second
    return student, teacher


def _pooled(features: Tensor, size: tuple[int, int]) -> Tensor:
    return features if features.shape[2:] == size else F.adaptive_avg_pool2d(features, size)
