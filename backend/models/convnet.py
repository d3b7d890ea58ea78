"""ConvNet, the MNIST tutorials' two convolutions and one linear layer."""

from __future__ import annotations

from torch import Tensor, nn

from backend.models._base import Architecture


class ConvNet(nn.Module):
    """Convolutions of 16 and 32 filters (5×5, padded), each with ReLU and pooling, and one linear layer."""

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 5, padding=2)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(16, 32, 5, padding=2)
        self.relu2 = nn.ReLU()
        self.pool2 = nn.MaxPool2d(2)
        self.fc = nn.Linear(32 * 7 * 7, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """N×1×28×28 to N×classes."""
        x = self.pool1(self.relu1(self.conv1(x)))
        x = self.pool2(self.relu2(self.conv2(x)))
        x = x.view(x.size(0), -1)
        out: Tensor = self.fc(x)
        return out


METHOD = Architecture(
    id="convnet",
    label="ConvNet",
    summary="Two convolutions (16 and 32 filters) and one linear layer, the MNIST tutorials' network.",
    build=ConvNet,
    input_shape=(1, 28, 28),
)
