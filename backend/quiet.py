"""A person's terminal is no place for what libraries tell their developers."""

import sys
import warnings


def quiet_libraries() -> None:
    """Let no Python warning through in this process, unless ``python -W`` asked for them. The tests never call it."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
