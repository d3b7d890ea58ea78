"""A person's terminal is no place for what libraries tell their developers."""

import sys
import threading
import warnings


def quiet_libraries() -> None:
    """Let no Python warning through in this process, unless ``python -W`` asked for them. The tests never call it."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def quiet_worker() -> None:
    """The same for a process that may be ended at any moment.

    torch.fx counts with tqdm; its lock between processes would be reported as lost then.
    """
    from tqdm import tqdm

    quiet_libraries()
    tqdm.set_lock(threading.RLock())
