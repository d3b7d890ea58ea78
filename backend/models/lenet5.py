"""LeNet-5 as the tutorials write it: 44,426 parameters."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from backend.models._base import Architecture


class LeNet5(nn.Module):
    """Two 5×5 convolutions and three linear layers (LeCun et al. 1998, with ReLU and max pooling)."""

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 4 * 4, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """N×1×28×28 to N×classes."""
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = F.max_pool2d(torch.relu(self.conv2(x)), 2)
        x = x.view(x.size(0), -1)
        x = torch.relu(self.fc1(x))
        x = torch.relu(self.fc2(x))
        out: Tensor = self.fc3(x)
        return out


METHOD = Architecture(
    id="lenet5",
    label="LeNet-5",
    summary="Two convolutions (6 and 16 filters) and three linear layers for 28×28 digits: 44,426 parameters.",
    build=LeNet5,
    input_shape=(1, 28, 28),
)
