"""A small convolutional network with BatchNorm, for what needs it (slimming, folding, binarization)."""

from __future__ import annotations

from torch import Tensor, nn

from backend.models._base import Architecture


class BNConvNet(nn.Module):
    """Convolutions of 20 and 50 filters with BatchNorm, linear layers of 500 and ``num_classes`` units."""

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 20, 5)
        self.bn1 = nn.BatchNorm2d(20)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(20, 50, 5)
        self.bn2 = nn.BatchNorm2d(50)
        self.relu2 = nn.ReLU()
        self.pool2 = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(50 * 4 * 4, 500)
        self.relu3 = nn.ReLU()
        self.fc2 = nn.Linear(500, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """N×1×28×28 to N×classes."""
        x = self.pool1(self.relu1(self.bn1(self.conv1(x))))
        x = self.pool2(self.relu2(self.bn2(self.conv2(x))))
        x = x.view(x.size(0), -1)
        x = self.relu3(self.fc1(x))
        out: Tensor = self.fc2(x)
        return out


METHOD = Architecture(
    id="bn_convnet",
    label="ConvNet with BatchNorm",
    summary="Two convolutions (20 and 50 filters) with BatchNorm and two linear layers for 28×28 digits.",
    build=BNConvNet,
    input_shape=(1, 28, 28),
)
