"""CIFAR-100: 50,000 training and 10,000 test images in color, a hundred classes (Krizhevsky 2009)."""

from __future__ import annotations

from backend.datasets._base import Source
from backend.datasets._cifar import Layout, reader

CLASSES = """
apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can
castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin
elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster
man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck
pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk
skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger
tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm
"""

METHOD = Source(
    id="cifar100",
    label="CIFAR-100",
    summary="60,000 small color photographs, 32×32, a hundred classes; the original files, an .npz, or a download.",
    read=reader(
        Layout(
            dataset="CIFAR100",
            binary_train=("train.bin",),
            binary_test="test.bin",
            python_train=("train",),
            python_test="test",
            label_key="fine_labels",
            label_bytes=2,
            mean=(0.5071, 0.4865, 0.4409),
            std=(0.2673, 0.2564, 0.2762),
            classes=tuple(CLASSES.split()),
        )
    ),
    input_shape=(3, 32, 32),
    downloads=True,
)
