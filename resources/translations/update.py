"""Collects every text for a person and compiles the catalogues: ``python resources/translations/update.py``.

Texts are the literals given to ``tr``, ``plural``, ``phrase``, ``msg`` and ``Message``, and those of
``label=``, ``summary=``, ``when=`` and ``choices=`` of methods and the names of their ``presets=``. Existing
translations stay, those of texts that are gone are dropped. What has no translation yet is listed as JSON; fill it
in and give it back with ``--merge FILE``. ``--check`` changes nothing and exits with 1 where a text is missing.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CONTEXT = "Pare"
LANGUAGES = ("zh_CN",)
CALLS = {"tr": 1, "phrase": 1, "msg": 1, "Message": 1, "plural": 3, "fault": 1}
"""Function → how many of its first arguments may hold a text."""
KEYWORDS = ("label", "summary", "when")
TABLES = ("NOT_YET",)
"""Dictionaries whose values are texts."""
NAMES = "presets"
"""The keyword, and in capitals the dictionary, whose keys are texts."""
FOLDERS = ("gui", "backend")


def texts(root: Path = ROOT) -> dict[str, list[str]]:
    """Every text → the files it stands in."""
    found: dict[str, list[str]] = {}
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*.py")):
            for text in in_source(file.read_text(encoding="utf-8")):
                places = found.setdefault(text, [])
                place = file.relative_to(root).as_posix()
                if place not in places:
                    places.append(place)
    return found


def in_source(source: str) -> Iterator[str]:
    """The texts for people in Python source."""
    tree = ast.parse(source)
    named = _named(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call():
                yield from _in_call(node, named)
            case ast.Dict():
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "label":
                        yield from _literals(value)
            case ast.Assign(value=ast.Dict() as table) | ast.AnnAssign(value=ast.Dict() as table):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names = {t.id for t in targets if isinstance(t, ast.Name)}
                for text in table.values if names & set(TABLES) else table.keys if NAMES.upper() in names else ():
                    yield from _literals(text)


def _named(tree: ast.Module) -> dict[str, ast.expr]:
    """Constants of a module: ``ROW = "row"``, ``INTEGER, NORMAL_FLOAT = "integer", "normal_float"``."""
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant() as value):
                found[name] = value
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                found |= {n.id: v for n, v in zip(names, values, strict=True) if isinstance(n, ast.Name)}
    return found


def _in_call(node: ast.Call, named: dict[str, ast.expr]) -> Iterator[str]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    for argument in node.args[: CALLS.get(name, 0)]:
        yield from _literals(argument)
    for keyword in node.keywords:
        if keyword.arg in KEYWORDS:
            yield from _literals(keyword.value)
        elif keyword.arg == "choices" and isinstance(keyword.value, ast.Tuple):
            for choice in keyword.value.elts:
                yield from _literals(named.get(choice.id, choice) if isinstance(choice, ast.Name) else choice)
        elif keyword.arg == NAMES and isinstance(keyword.value, ast.Dict):
            for name in keyword.value.keys:
                yield from _literals(name)


def _literals(node: ast.expr | None) -> Iterator[str]:
    """The string itself, or either branch of ``a if … else b``."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and any(c.isalpha() for c in node.value):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def read(file: Path) -> dict[str, str]:
    """Text → translation of a catalogue; unfinished ones are left out."""
    if not file.exists():
        return {}
    found = {}
    for entry in ET.parse(file).getroot().iter("message"):
        translation = entry.find("translation")
        if translation is not None and translation.get("type") != "unfinished" and translation.text:
            found[entry.findtext("source", "")] = translation.text
    return found


def write(file: Path, language: str, sources: dict[str, list[str]], known: dict[str, str]) -> None:
    """Write a catalogue that Qt Linguist can open, in alphabetical order."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for text in sorted(sources):
        entry = ET.SubElement(context, "message")
        for place in sources[text]:
            ET.SubElement(entry, "location", filename=f"../../{place}")
        ET.SubElement(entry, "source").text = text
        translation = ET.SubElement(entry, "translation")
        if text in known:
            translation.text = known[text]
        else:
            translation.set("type", "unfinished")
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    file.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")


def compile_catalogue(file: Path) -> None:
    """Make the .qm beside a .ts with Qt's lrelease."""
    scripts = Path(sysconfig.get_path("scripts"))
    tool = next((str(t) for t in scripts.glob("pyside6-lrelease*")), "pyside6-lrelease")
    subprocess.run([tool, "-silent", str(file), "-qm", str(file.with_suffix(".qm"))], check=True)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Collect texts and compile the catalogues.")
    parser.add_argument("--merge", type=Path, help="a JSON file of text: translation")
    parser.add_argument("--language", default=LANGUAGES[0], choices=LANGUAGES, help="the language of --merge")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 where a text is missing")
    arguments = parser.parse_args(argv)
    sources = texts()
    complete = True
    for language in LANGUAGES:
        file = HERE / f"pare_{language}.ts"
        known = read(file)
        if arguments.merge and language == arguments.language:
            known |= json.loads(arguments.merge.read_text(encoding="utf-8"))
        missing = [text for text in sorted(sources) if text not in known]
        complete = complete and not missing
        if not arguments.check:
            write(file, language, sources, known)
            compile_catalogue(file)
        json.dump({text: "" for text in missing}, sys.stdout, indent=0, ensure_ascii=False)
        print(f"\n{language}: {len(sources) - len(missing)} of {len(sources)} texts translated", file=sys.stderr)
    return 0 if complete or not arguments.check else 1


if __name__ == "__main__":
    sys.exit(main())
