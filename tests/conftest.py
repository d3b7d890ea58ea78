"""What every test shares: one thread for torch, no display, small Hypothesis examples."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from hypothesis import settings

# Two cores shared with other tests: how long one example takes says nothing.
settings.register_profile("pare", deadline=None, max_examples=60)
settings.load_profile("pare")
