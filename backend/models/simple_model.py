"""SimpleModel, the pruning tutorial's network for 32×32 color images."""

from __future__ import annotations

from torch import Tensor, nn

from backend.models._base import Architecture


class SimpleModel(nn.Module):
    """Convolutions of 16 and 8 filters (3×3, padded), each with ReLU and pooling, and one linear layer."""

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(16, 8, 3, padding=1)
        self.relu2 = nn.ReLU()
        self.pool2 = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(8 * 8 * 8, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """N×3×32×32 to N×classes."""
        x = self.pool1(self.relu1(self.conv1(x)))
        x = self.pool2(self.relu2(self.conv2(x)))
        x = x.view(x.size(0), -1)
        out: Tensor = self.fc1(x)
        return out


METHOD = Architecture(
    id="simple_model",
    label="SimpleModel",
    summary="Two convolutions (16 and 8 filters) and one linear layer for 32×32 color images.",
    build=SimpleModel,
    input_shape=(3, 32, 32),
)
