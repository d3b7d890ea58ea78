"""Makes the environment that Pare runs in: ``.venv`` with its libraries, and the system's own for Qt.

Run by ``make`` (or by hand: ``python resources/set_up.py``) with any Python from 3.11 on; uses the
standard library alone. Extras of pyproject.toml (``dev``, ``app``) are given as arguments.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-randr.so.0": "libxcb-randr0",
}
"""What Qt loads from the system → the package of Debian and Ubuntu that holds it."""

CHINESE_FONT = "fonts-noto-cjk"

PROBE = """
import ctypes, sys
missing = []
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        missing.append(name)
print(*missing)
"""


class SetUpError(Exception):
    """What went wrong and what to do about it, as one text for the terminal."""


def main(extras: Sequence[str]) -> int:
    try:
        make_venv()
        install(extras)
        system_libraries(needed="dev" in extras or "app" in extras or has_display())
    except SetUpError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def make_venv() -> None:
    """A fresh ``.venv`` where there is none, or where the one there no longer starts."""
    if works(PYTHON, "-m", "pip", "--version"):
        return
    if sys.version_info < (3, 11):  # noqa: UP036 — this file alone is run by whatever Python there is
        raise SetUpError(f"Pare needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    shutil.rmtree(VENV, ignore_errors=True)
    if not works(sys.executable, "-c", "import venv, ensurepip"):
        package = f"python3.{sys.version_info.minor}-venv"
        if not apt_install([package]):
            raise SetUpError(f"Python's venv module is missing. Install it:\n  {apt_command([package])}")
    say(f"Making the environment {VENV.name} with Python {sys.version.split()[0]}")
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode:
        raise SetUpError(f"Python could not make an environment in {VENV}. Check that the folder can be written to.")


def install(extras: Sequence[str]) -> None:
    what = f".[{','.join(extras)}]" if extras else "."
    say("Installing Pare's libraries (about 2 GB the first time)")
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input", "-e", what]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise SetUpError("pip could not install the libraries; its reason stands above. Is the network reachable?")


def system_libraries(needed: bool) -> None:
    """See whether Qt finds what it loads from the system, and install what is missing where that is allowed."""
    if not sys.platform.startswith("linux"):
        return
    packages = missing_packages()
    if packages and apt_install([*packages, CHINESE_FONT]):
        packages = missing_packages()
    elif not packages and not has_chinese_font() and not apt_install([CHINESE_FONT]):
        say(f"Chinese text needs a font: {apt_command([CHINESE_FONT])}")
    sentence = f"Qt needs libraries that this system lacks:\n  {apt_command([*packages, CHINESE_FONT])}"
    if packages and needed:
        raise SetUpError(sentence)
    if packages:
        say(f"There is no window yet. {sentence}")
        return
    if needed and not works(PYTHON, "-c", "from PySide6 import QtWidgets"):
        subprocess.run([str(PYTHON), "-c", "from PySide6 import QtWidgets"], check=False)
        raise SetUpError("Qt does not load; the reason stands above. Install the library that it names.")


def missing_packages() -> list[str]:
    """Packages of Debian whose library does not load."""
    found = subprocess.run([str(PYTHON), "-c", PROBE, *LIBRARIES], capture_output=True, text=True, check=False)
    return [LIBRARIES[name] for name in found.stdout.split()]


def has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return any(Path("/usr/share/fonts").rglob("*CJK*"))
    found = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False)
    return bool(found.stdout.strip())


def has_display() -> bool:
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def apt_install(packages: Sequence[str]) -> bool:
    """Install with apt-get where this is Debian or Ubuntu and we are root; False where it was not possible."""
    if os.name == "nt" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"Installing {', '.join(packages)}")
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    if subprocess.run(install, **quiet, stderr=subprocess.DEVNULL, check=False).returncode == 0:  # type: ignore[call-overload]
        return True
    subprocess.run(["apt-get", "update", "-qq"], **quiet, check=False)  # type: ignore[call-overload]
    return subprocess.run(install, **quiet, check=False).returncode == 0  # type: ignore[call-overload,no-any-return]


def apt_command(packages: Sequence[str]) -> str:
    return f"sudo apt-get install -y {' '.join(packages)}"


def works(*command: object) -> bool:
    try:
        return subprocess.run([str(c) for c in command], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
