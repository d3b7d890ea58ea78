"""The network of PyTorch's MNIST example, which the search tutorial starts from."""

from __future__ import annotations

from torch import Tensor, nn

from backend.models._base import Architecture


class MnistNet(nn.Module):
    """Convolutions of 32 and 64 filters (3×3), two dropouts, linear layers 9,216–128–``num_classes``."""

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.relu2 = nn.ReLU()
        self.pool = nn.MaxPool2d(2)
        self.dropout1 = nn.Dropout(0.25)
        self.fc1 = nn.Linear(64 * 12 * 12, 128)
        self.relu3 = nn.ReLU()
        self.dropout2 = nn.Dropout(0.5)
        self.fc2 = nn.Linear(128, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """N×1×28×28 to N×classes."""
        x = self.relu1(self.conv1(x))
        x = self.dropout1(self.pool(self.relu2(self.conv2(x))))
        x = x.view(x.size(0), -1)
        x = self.dropout2(self.relu3(self.fc1(x)))
        out: Tensor = self.fc2(x)
        return out


METHOD = Architecture(
    id="mnist_net",
    label="MNIST example network",
    summary="Two 3×3 convolutions (32 and 64 filters), two dropouts and two linear layers for 28×28 digits.",
    build=MnistNet,
    input_shape=(1, 28, 28),
)
