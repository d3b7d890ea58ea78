"""Caffe's LeNet-5, the one that Deep Compression (Han et al. 2016) reports on: 431,080 parameters."""

from __future__ import annotations

from torch import Tensor, nn

from backend.models._base import Architecture


class LeNet5Caffe(nn.Module):
    """Convolutions of 20 and 50 filters, linear layers of 500 and ``num_classes`` units."""

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 20, 5)
        self.pool1 = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(20, 50, 5)
        self.pool2 = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(50 * 4 * 4, 500)
        self.relu1 = nn.ReLU()
        self.fc2 = nn.Linear(500, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """N×1×28×28 to N×classes; as in Caffe, only the linear layer is followed by a ReLU."""
        x = self.pool1(self.conv1(x))
        x = self.pool2(self.conv2(x))
        x = x.view(x.size(0), -1)
        x = self.relu1(self.fc1(x))
        out: Tensor = self.fc2(x)
        return out


METHOD = Architecture(
    id="lenet5_caffe",
    label="LeNet-5 (Caffe)",
    summary="Caffe's LeNet-5 (20 and 50 filters, 500 units), the network of Deep Compression: 431,080 parameters.",
    build=LeNet5Caffe,
    input_shape=(1, 28, 28),
)
