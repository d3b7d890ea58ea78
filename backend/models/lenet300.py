"""LeNet-300-100, the fully connected network of the pruning papers: 266,610 parameters."""

from __future__ import annotations

from torch import Tensor, nn

from backend.models._base import Architecture


class LeNet300(nn.Module):
    """Linear layers of 300, 100 and ``num_classes`` units."""

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.fc1 = nn.Linear(28 * 28, 300)
        self.relu1 = nn.ReLU()
        self.fc2 = nn.Linear(300, 100)
        self.relu2 = nn.ReLU()
        self.fc3 = nn.Linear(100, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """N×1×28×28 to N×classes."""
        x = x.view(x.size(0), -1)
        x = self.relu1(self.fc1(x))
        x = self.relu2(self.fc2(x))
        out: Tensor = self.fc3(x)
        return out


METHOD = Architecture(
    id="lenet300",
    label="LeNet-300-100",
    summary="Three linear layers (300, 100 and 10 units) for 28×28 digits: 266,610 parameters.",
    build=LeNet300,
    input_shape=(1, 28, 28),
)
