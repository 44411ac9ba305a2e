"""Mutated and hostile files of every format: a model, or one clear line; never code."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from mtorsim.analysis.file_check import check_file, checked_sbml
from mtorsim.errors import MtorsimError
from mtorsim.interop.antimony import read_antimony_text
from mtorsim.interop.bngl_net import read_bngl_net
from mtorsim.interop.petab_tables import read_petab_tables
from mtorsim.interop.sbml_import import read_sbml
from tests.interop.sbml_documents import Document
from tests.simulate.test_petab import TABLES, write_problem

NETWORK = Path(__file__).parent / "data" / "toy.net"
ANTIMONY = """model m
  species A = 1, B = 2;
  J: A -> B; k * A;
  k = 0.5;
  at (A < 0.5): k = 1;
end
"""
WORDS = (b"&", b"<", b">", b'"', b"NaN", b"1e999", b"-", b"\x00", b"\xff", b"piecewise", b"(" * 50)


def rich_document() -> Document:
    """Something of everything that a model may hold."""
    document = Document().compartment(size=2.0).parameter("k", 0.5).parameter("x", 1.0)
    document.function("f", "lambda(a, b, a * b)").species("A", amount=1.0)
    document.species("B", concentration=0.5).rate("x", "-0.1 * x")
    document.reaction("R", ["A"], ["B"], "c * f(k, A)", local={"km": 2.0})
    document.parameter("y").always("y", "piecewise(1, x < 0.5, 2) + time")
    document.parameter("z").initially("z", "k / 2")
    return document.event("E", "x < 0.7", {"k": "2 * k"}, delay="0.1", priority="3")


def mutated(good: bytes, draw: random.Random) -> bytes:
    """The content with a few bytes changed, words put in, pieces moved, or cut off."""
    bad = bytearray(good)
    for _ in range(draw.randint(1, 5)):
        at = draw.randrange(len(bad))
        kind = draw.randrange(4)
        if kind == 0:
            bad[at] = draw.randrange(256)
        elif kind == 1:
            bad[at:at] = draw.choice(WORDS)
        elif kind == 2:
            piece = bad[at : at + draw.randint(1, 60)]
            del bad[at : at + len(piece)]
            to = draw.randrange(len(bad) + 1)
            bad[to:to] = piece
        else:
            end = at + draw.randint(1, 40)
            bad[at:end] = b""
        if len(bad) < 2:
            return good
    return bytes(bad) if draw.random() > 0.1 else bytes(bad[: draw.randrange(1, len(bad))])


def refusals(good: bytes, path: Path, read: Callable[[Path], object], *, n_files: int) -> int:
    """How many of the mutated files are refused; the others are read."""
    draw, refused = random.Random(path.name), 0
    for number in range(n_files):
        path.write_bytes(mutated(good, draw))
        try:
            read(path)
        except MtorsimError as error:
            refused += 1
            if not str(error).strip():
                pytest.fail(f"file {number}: refused without a word")
    return refused


def test_a_thousand_mutated_sbml_files_are_read_or_refused(tmp_path: Path) -> None:
    good = rich_document().text().encode()
    assert 300 < refusals(good, tmp_path / "m.xml", read_sbml, n_files=1000) < 1000


def test_mutated_sbml_files_are_checked_or_refused(tmp_path: Path) -> None:
    good = rich_document().text().encode()
    assert 80 < refusals(good, tmp_path / "c.xml", check_file, n_files=250) < 250


def test_mutated_antimony_files_are_read_or_refused(tmp_path: Path) -> None:
    def read(path: Path) -> object:
        return read_antimony_text(path.read_bytes().decode("utf-8", errors="replace"))

    good = ANTIMONY.encode()
    assert 50 < refusals(good, tmp_path / "m.ant", read, n_files=250) < 250


def test_mutated_networks_are_read_or_refused(tmp_path: Path) -> None:
    good = NETWORK.read_bytes()
    assert 80 < refusals(good, tmp_path / "m.net", read_bngl_net, n_files=250) < 250


@pytest.mark.parametrize("name", list(TABLES))
def test_mutated_petab_files_are_read_or_refused(tmp_path: Path, name: str) -> None:
    problem = write_problem(tmp_path)
    good = (tmp_path / name).read_bytes()

    def read(path: Path) -> object:
        return read_petab_tables(problem)

    assert refusals(good, tmp_path / name, read, n_files=60) > 5


def test_nothing_in_a_file_is_executed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "executed"
    code = f"__import__('os').system('touch {mark}')"
    monkeypatch.setattr(os, "system", lambda command: mark.touch())
    text = rich_document().text()
    for old, new in (
        ('id="k"', f'id="{code}"'),
        ("> k <", f"> {code} <"),
        ('id="R"', 'id="R" metaid="__import__(\'os\').system(1)" name="' + code + '"'),
        ('id="x"', f'id="x" units="{code}"'),
        ("<listOfSpecies>", f"<annotation><a xmlns='u'>{code}</a></annotation><listOfSpecies>"),
        (
            "<listOfSpecies>",
            "<notes><p xmlns='http://www.w3.org/1999/xhtml'>x</p></notes><listOfSpecies>",
        ),
        ('id="f"', 'id="eval"'),
    ):
        assert old in text
        try:
            checked_sbml(text.replace(old, new), file="m.xml")
        except MtorsimError:
            continue
    for antimony in (ANTIMONY.replace("k * A", f"k * {code}"), f'import "{mark}"\n' + ANTIMONY):
        with pytest.raises(MtorsimError):
            read_antimony_text(antimony)
    assert not mark.exists()


def test_an_entity_bomb_and_a_huge_file_are_refused_at_once(tmp_path: Path) -> None:
    levels = "".join(f"<!ENTITY a{i + 1} '{f'&a{i};' * 10}'>" for i in range(9))
    bomb = f"<?xml version='1.0'?><!DOCTYPE s [<!ENTITY a0 'x'>{levels}]><sbml>&a9;</sbml>"
    (tmp_path / "bomb.xml").write_text(bomb)
    huge = tmp_path / "huge.xml"
    with huge.open("wb") as file:
        file.truncate(100 * 1024**2)
    for name, message in (("bomb.xml", "DOCTYPE"), ("huge.xml", "larger than 48 MiB")):
        with pytest.raises(MtorsimError, match=message):
            check_file(tmp_path / name)
