"""What a file is, by its content, and the sentence for each kind that holds no readable weights."""

from __future__ import annotations

import pickletools
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

import torch

from backend.errors import CompressionError, Message, msg

_OLD_MAGIC = 0x1950A86A20F9469CFC6C.to_bytes(10, "little")
"""Stands at the beginning of what torch.save wrote before its files were ZIP archives."""
_SAVE_STATE = "torch.save(network.state_dict(), 'weights.pth')"


def check_kind(path: Path) -> None:
    """Raise CompressionError, in words that fit, unless the file may hold a state dict."""
    if path.is_dir():
        raise CompressionError(
            msg("{path} is a folder, not a checkpoint.", path=str(path)),
            msg("Choose the file in it that holds the weights."),
        )
    try:
        with open(path, "rb") as file:
            start = file.read(512)
    except OSError as error:
        raise damaged(path, error) from error
    if not start:
        raise CompressionError(
            msg("{path} is empty (0 bytes).", path=str(path)), msg("Copy or download the file again.")
        )
    known = _foreign(path, start)
    if known is not None:
        raise CompressionError(*known)


def _foreign(path: Path, start: bytes) -> tuple[Message, Message] | None:
    """Message and hint for a kind that is recognized and can't be opened as weights."""
    text = start.lstrip().lower()
    if start.startswith(b"PK"):
        return _foreign_zip(path)
    if start.startswith(b"\x89HDF\r\n\x1a\n"):
        return _keras(path)
    if start.startswith(b"\x93NUMPY"):
        return (
            msg("{path} is a NumPy array, not a network's weights.", path=str(path)),
            msg("Open data with the source arrays; open networks from .pth or .safetensors files."),
        )
    if start.startswith(b"GGUF") or start[4:8] == b"TFL3":
        kind = "GGUF" if start.startswith(b"GGUF") else "TensorFlow Lite"
        return (
            msg("{path} is a {kind} file, which PyTorch can't train.", path=str(path), kind=kind),
            msg("Open the PyTorch weights it was made from."),
        )
    if text.startswith((b"<!doctype", b"<html", b"<?xml")):
        return (
            msg("{path} is a web page, not a checkpoint.", path=str(path)),
            msg("Download the file itself, not the page that links to it."),
        )
    if start.startswith(b"version https://git-lfs"):
        return (
            msg("{path} is a placeholder of Git LFS; the weights were never fetched.", path=str(path)),
            msg("Run git lfs pull in that folder."),
        )
    if start.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")):
        return (
            msg("{path} is a compressed archive.", path=str(path)),
            msg("Unpack it and open the .pth or .safetensors file inside."),
        )
    if _is_onnx(path, start):
        return _onnx(path)
    if start[8:9] == b"{" or _OLD_MAGIC in start[:32]:
        return None
    if start[:1] == b"\x80":
        return (
            msg("{path} is a Python pickle that torch.save did not write; Pare does not run pickles.", path=str(path)),
            msg("In the script that made it, save the weights instead: {code}.", code=_SAVE_STATE),
        )
    if _is_text(start):
        return (
            msg("{path} is a text, not a checkpoint.", path=str(path)),
            msg("Choose a .pth, .pt or .safetensors file."),
        )
    return (
        msg("{path} is not a checkpoint, whatever its name says.", path=str(path)),
        msg("Choose a .pth, .pt or .safetensors file; if it should be one, copy it again."),
    )


def is_program(path: Path) -> bool:
    """Whether it is a TorchScript or an exported program, which are code."""
    try:
        with zipfile.ZipFile(path) as archive:
            inside = _inside(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    return _is_torchscript(inside) or _is_exported(path, inside)


def _inside(names: Iterable[str]) -> set[str]:
    """Names in an archive without the folder that they all stand in."""
    return {name.partition("/")[2] or name for name in names}


def _is_torchscript(inside: set[str]) -> bool:
    return any(name == "constants.pkl" or name.startswith("code/") for name in inside)


def _is_exported(path: Path, inside: set[str]) -> bool:
    return path.suffix == ".pt2" or bool(inside & {"archive_format", "serialized_exported_program.json"})


def _foreign_zip(path: Path) -> tuple[Message, Message] | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return (
            msg("{path} is cut off or damaged.", path=str(path)),
            msg("Copy or download the file again; {size} bytes are here.", size=path.stat().st_size),
        )
    inside = _inside(names)
    if _is_torchscript(inside):
        return (
            msg("{path} is a TorchScript program, which holds code and no layers to change.", path=str(path)),
            msg("In the script that made it, save the weights instead: {code}.", code=_SAVE_STATE),
        )
    if _is_exported(path, inside):
        return (
            msg("{path} is an exported program (.pt2), which may run code when it is opened.", path=str(path)),
            msg("In the script that made it, save the weights instead: {code}.", code=_SAVE_STATE),
        )
    if path.suffix == ".keras" or "model.weights.h5" in names:
        return _keras(path)
    if names and all(name.endswith(".npy") for name in names):
        return (
            msg("{path} is an archive of NumPy arrays, not a network's weights.", path=str(path)),
            msg("Open data with the source arrays; open networks from .pth or .safetensors files."),
        )
    if "data.pkl" not in inside:
        return (
            msg("{path} is a ZIP archive that holds no checkpoint.", path=str(path)),
            msg("Unpack it and open the .pth or .safetensors file inside."),
        )
    return None


def _keras(path: Path) -> tuple[Message, Message]:
    return (
        msg("{path} is a Keras or HDF5 file, and Pare opens PyTorch networks.", path=str(path)),
        msg("Convert the network to PyTorch and save its state_dict()."),
    )


def _onnx(path: Path) -> tuple[Message, Message]:
    return (
        msg(
            "{path} is an ONNX file: Pare writes such files and checks them, but what it shall prune, train or "
            "quantize must be a PyTorch network.",
            path=str(path),
        ),
        msg("Open the weights or the Python file that it was made from."),
    )


def _is_onnx(path: Path, start: bytes) -> bool:
    """A protobuf whose first field is a small ir_version, or a file that says so."""
    return start[:1] == b"\x08" and start[1] < 32 and (path.suffix == ".onnx" or start[2:3] in (b"\x12", b"\x3a"))


def _is_text(start: bytes) -> bool:
    try:
        start[:-4].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in start


def damaged(path: Path, error: Exception) -> CompressionError:
    """The sentence for a file that broke off while being read, or could not be opened at all."""
    if isinstance(error, FileNotFoundError):
        return CompressionError(
            msg("There is no file {path}.", path=str(path)), msg("Check the name, or choose another file.")
        )
    if isinstance(error, OSError) and error.strerror:
        return CompressionError(
            msg("Pare can't read {path}: {reason}.", path=str(path), reason=error.strerror),
            msg("Choose a file that you may read."),
        )
    return CompressionError(
        msg("{path} is cut off or damaged.", path=str(path)),
        msg("Copy or download the file again; {size} bytes are here.", size=path.stat().st_size),
        details=f"{type(error).__name__}: {error}",
    )


def whole_network(path: Path, problem: str) -> CompressionError:
    """The sentence for a pickle that would import code. It was not run."""
    wanted = imports(path) or re.findall(r"GLOBAL ([\w.]+)", problem)
    own = [name for name in wanted if not name.startswith(("torch.", "collections.", "builtins."))] or wanted
    return CompressionError(
        msg("{path} holds a whole Python object that would run {names} when opened, so Pare does not open it.",
            path=str(path), names=", ".join(own[:3]) or "code"),
        msg("Where the file was made, save only the weights: {code}.", code=_SAVE_STATE),
        details=problem,
    )  # fmt: skip


def imports(path: Path) -> list[str]:
    """What a pickle would import, found without running it; empty where there is none."""
    try:
        return sorted(torch.serialization.get_unsafe_globals_in_checkpoint(str(path)))
    except (RuntimeError, ValueError, OSError, EOFError):
        return _legacy_imports(path)


def _legacy_imports(path: Path) -> list[str]:
    """The same for torch's old format, which is a row of pickles."""
    names: list[str] = []
    try:
        with open(path, "rb") as file:
            for _ in range(4):
                for code, argument, _position in pickletools.genops(file):
                    if code.name == "GLOBAL" and isinstance(argument, str):
                        names.append(argument.replace(" ", "."))
    except (ValueError, OSError, EOFError, UnicodeDecodeError):
        pass
    return sorted({name for name in names if not name.startswith(("torch._utils", "collections."))})
