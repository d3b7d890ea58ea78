"""What the templates that come with Pare do, in a sentence each, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Mapping

from gui.text import tr

SECONDS = {
    "lenet5-digits": 20,
    "lenet5-channels": 20,
    "lenet5-agp": 10,
    "lenet5-lottery-ticket": 30,
    "half-lenet-distill-int8": 10,
    "lenet5-prune-distill": 10,
    "lenet5-distill-prune-int8": 10,
    "lenet5-prune-decompose": 10,
    "lenet5-decompose-int8": 10,
    "lenet5-deep-compression": 10,
}
"""About how long, measured on two cores; of those whose data comes with Pare."""


def shipped() -> Mapping[str, str]:
    """Stem of the recipe's file → what it does."""
    return {
        "lenet5-digits": tr(
            "The sample: five of six weights go, the rest is fine-tuned, then everything becomes int8."
        ),
        "lenet5-channels": tr(
            "Finds which channels can go until a tenth of the parameters is left, removes them, and trains."
        ),
        "lenet5-agp": tr(
            "Prunes while the weights move: ten steps along a cubic curve, much at first and little at the end."
        ),
        "lenet5-lottery-ticket": tr(
            "Trains, prunes, puts what is left back to its early values and trains again, three times."
        ),
        "half-lenet-distill-int8": tr(
            "A student with a tenth of LeNet-5's parameters learns from it, and becomes int8."
        ),
        "lenet5-prune-distill": tr(
            "Channels go until a fifth of the parameters is left, and the whole network teaches what is left."
        ),
        "lenet5-distill-prune-int8": tr(
            "One training: channels go, the whole network teaches, the rounding of int8 is learned."
        ),
        "lenet5-prune-decompose": tr("Half of the convolutions' channels go; linear layers become two of low rank."),
        "lenet5-decompose-int8": tr("Linear layers become two of low rank, are trained, and run in int8."),
        "lenet5-deep-compression": tr(
            "Prunes while training, then shares what is left among 16 values a layer: 30 times smaller."
        ),
        "mnist-lenet5-train": tr("Trains LeNet-5 from scratch; other templates begin with what this one gives."),
        "mnist-lenet5-int8": tr("Half of all weights by one global ranking, fine-tuning, then int8."),
        "mnist-lenet5-qat": tr("Int8 with the rounding learned: one epoch of quantization-aware training."),
        "mnist-half-lenet-distilled": tr("A student with a tenth of LeNet-5's parameters learns what LeNet-5 knows."),
        "mnist-lenet5-small": tr("LeNet-5 with a twentieth of its parameters: the amounts of each layer are found."),
        "mnist-lenet5-binarized": tr(
            "One bit for each weight and each input; the first and the last layer stay in float."
        ),
        "mnist-convnet": tr("The MNIST tutorials' network: half of both convolutions, fine-tuning, then int8."),
        "mnist-lenet300-train": tr(
            "Trains LeNet-300-100 from scratch; Deep Compression begins with what this one gives."
        ),
        "mnist-lenet300-deep-compression": tr(
            "Prunes while training, then shares what is left among 16 values a layer: 55 times smaller."
        ),
        "mnist-lenet300-svd": tr(
            "Half of the multiply-accumulates: the large linear layers become two of low rank each, then fine-tuning."
        ),
        "mnist-lenet5-caffe-train": tr(
            "Trains Caffe's LeNet-5 from scratch; Deep Compression begins with what this one gives."
        ),
        "mnist-lenet5-caffe-deep-compression": tr(
            "Prunes while training, then shares what is left among 16 values a layer: 64 times smaller."
        ),
        "cifar10-simple-model": tr(
            "Three layers with a method of their own, then one ranking over all: the pruning tutorials' steps."
        ),
        "cifar10-resnet20-half": tr(
            "Half of the multiply-accumulates: a scan finds which channels go, and the original network teaches."
        ),
        "cifar10-resnet20-tucker": tr(
            "Half of the multiply-accumulates with every channel kept: each convolution becomes three smaller ones."
        ),
        "cifar10-resnet20-int8": tr("Int8 after training, with ranges from calibration images."),
        "cifar10-resnet20-int4": tr("Weights in four bits, rounded so that outputs change least."),
        "cifar10-resnet20-bit-widths": tr(
            "A sixth of the size: the bits of every layer are chosen from the error that each brings."
        ),
        "cifar10-resnet20-lsq4": tr(
            "Weights and activations in 4 bits with learned step sizes; the original network teaches."
        ),
        "cifar10-resnet20-qat": tr(
            "Quantization-aware training for one epoch; the original network teaches, then int8."
        ),
        "cifar10-resnet18-train": tr("Trains torchvision's ResNet-18 from scratch; the next template begins with it."),
        "cifar10-resnet18-prune-distill-int8": tr(
            "One training: channels go by Taylor along AGP, layers learn from the original's, and int8 is learned."
        ),
    }
