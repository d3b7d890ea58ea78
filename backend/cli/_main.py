"""Reads the arguments and calls one function per command.

Exit codes: 0 done, 2 the person can repair it (one line and a hint, no traceback), 130 cancelled,
1 a defect of ours.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from backend import __version__
from backend.cli._ending import CANCELLED, DONE, REPAIRABLE, tell, tell_failed
from backend.errors import Cancelled, CompressionError, msg
from backend.events import failure
from backend.recipe import nni_algorithms


def command_line(arguments: Sequence[str]) -> int:
    """Carry out one command and return its exit code."""

    def command() -> int:
        options = _parser().parse_args(arguments)
        code: int = options.command(options)
        return code

    return _ended(command)


def sample_in_terminal() -> int:
    """What Pare does without arguments where no window can be shown."""
    from backend.cli.run import run_sample

    print("There is no display here, so Pare runs its sample recipe in the terminal.")
    print("For the window, run the same command in a desktop session, or set DISPLAY (on a server: xvfb-run).\n")
    return _ended(run_sample)


def _ended(command: Callable[[], int]) -> int:
    """The exit code of a command, whatever becomes of it."""
    try:
        return command()
    except CompressionError as error:
        tell(error)
        return REPAIRABLE
    except (Cancelled, KeyboardInterrupt):
        print("Cancelled.", file=sys.stderr)
        return CANCELLED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left: nothing to tell it
        return DONE
    except Exception as error:  # a defect becomes one sentence at this boundary; its traceback goes to a file
        return tell_failed(failure(error, traceback.format_exc()))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """A wrong word is repairable: one line, the nearest right one, exit 2."""
        raise CompressionError(msg("{problem}.", problem=message), msg("See: python main.py --help"))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="pare", description="Make neural networks smaller and faster, and prove it.")
    parser.add_argument("--version", action="version", version=f"Pare {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    _run(commands.add_parser("run", help="carry out a recipe"))
    _inspect(commands.add_parser("inspect", help="describe a network file or the network of a recipe"))
    _methods(commands.add_parser("methods", help="list every method with its parameters"))
    _export(commands.add_parser("export", help="write a run's network in other formats"))
    _sensitivity(commands.add_parser("sensitivity", help="what pruning each layer of a recipe's network costs"))
    _import_nni(commands.add_parser("import-nni", help="a recipe with the stages of NNI's config_list"))
    _selftest(commands.add_parser("selftest", help="check this installation"))
    return parser


def _allow(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--allow-code", action="append", default=[], type=Path, metavar="FILE", help="a Python file that may be run"
    )


def _run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recipe", type=Path, metavar="RECIPE")
    parser.add_argument("--output", type=Path, metavar="DIR", help="folder to fill (default: a new one)")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="stages.0.prune.amount=0.7")
    parser.add_argument("--device", choices=("cpu", "cuda", "mps"))
    parser.add_argument("--resume", action="store_true", help="go on after the last finished stage in DIR")
    parser.add_argument("--quiet", action="store_true", help="print nothing but errors")
    _allow(parser)

    def command(options: argparse.Namespace) -> int:
        from backend.cli.run import run_command

        return run_command(options)

    parser.set_defaults(command=command)


def _inspect(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true")
    _allow(parser)

    def command(options: argparse.Namespace) -> int:
        from backend.cli.inspect import inspect_command

        return inspect_command(options)

    parser.set_defaults(command=command)


def _methods(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true")

    def command(options: argparse.Namespace) -> int:
        from backend.cli.methods import methods_command

        return methods_command(options)

    parser.set_defaults(command=command)


def _export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", type=Path, metavar="DIR", help="folder of a run")
    parser.add_argument("--format", nargs="+", action="extend", required=True, metavar="FORMAT")
    parser.add_argument("--output", type=Path, metavar="DIR", help="default: exports/ in the run's folder")
    parser.add_argument("--name", help="file name without its ending (default: the folder's name)")
    _allow(parser)

    def command(options: argparse.Namespace) -> int:
        from backend.cli.export import export_command

        return export_command(options)

    parser.set_defaults(command=command)


def _sensitivity(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recipe", type=Path, metavar="RECIPE")
    parser.add_argument("--stage", type=int, metavar="N", help="the prune stage whose settings count, from 0")
    parser.add_argument("--amounts", metavar="A,B,…", help="shares to prune (default: 0.1,0.3,0.5,0.7,0.9)")
    parser.add_argument("--limit", type=int, metavar="N", help="the most validation images")
    parser.add_argument("--json", action="store_true")
    _allow(parser)

    def command(options: argparse.Namespace) -> int:
        from backend.cli.sensitivity import sensitivity_command

        return sensitivity_command(options)

    parser.set_defaults(command=command)


def _import_nni(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("config", type=Path, metavar="CONFIG", help="Python, JSON or YAML; it is read, never run")
    parser.add_argument("--recipe", type=Path, required=True, metavar="RECIPE", help="whose network and data are meant")
    parser.add_argument("--algorithm", choices=nni_algorithms(), help="where CONFIG names no pruner or quantizer")
    parser.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
    _allow(parser)

    def command(options: argparse.Namespace) -> int:
        from backend.cli.import_nni import import_nni_command

        return import_nni_command(options)

    parser.set_defaults(command=command)


def _selftest(parser: argparse.ArgumentParser) -> None:
    def command(options: argparse.Namespace) -> int:
        from backend.selftest import selftest

        return selftest()

    parser.set_defaults(command=command)
