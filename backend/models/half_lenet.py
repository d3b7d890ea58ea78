"""HalfLeNet, the distillation tutorial's student: 4,408 parameters."""

from __future__ import annotations

from torch import Tensor, nn

from backend.models._base import Architecture


class HalfLeNet(nn.Module):
    """One convolution of three 5×5 filters and one linear layer.

    The tutorial's own ends in a ReLU, which cuts off every negative logit and most of the gradient;
    the logits of this one are left as they are.
    """

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 3, 5)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(3 * 12 * 12, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """N×1×28×28 to N×classes."""
        x = self.pool1(self.relu1(self.conv1(x)))
        x = x.view(x.size(0), -1)
        out: Tensor = self.fc1(x)
        return out


METHOD = Architecture(
    id="half_lenet",
    label="HalfLeNet",
    summary="One convolution of 3 filters and one linear layer, a student for distillation: 4,408 parameters.",
    build=HalfLeNet,
    input_shape=(1, 28, 28),
)
