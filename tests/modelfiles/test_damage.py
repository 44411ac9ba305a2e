"""However a model's files are damaged, loading gives a network or a clear error, never a crash."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from mtorsim.errors import MtorsimError
from mtorsim.modelfiles.compose import apply_contexts, compose, load_context
from tests.modelfiles.toy import DRUGS, TOY_FOLDER

FILES = sorted(path.relative_to(TOY_FOLDER).as_posix() for path in TOY_FOLDER.rglob("*.toml"))
VALUES = (
    "1",
    "-1",
    "nan",
    "true",
    '""',
    '"x"',
    '"A -> B"',
    "[]",
    "[1]",
    "{}",
    "[[1]]",
    "{ a = {} }",
)


@st.composite
def damages(draw: st.DrawFn) -> tuple[str, str]:
    """A file and its text after one line was lost, doubled, cut, or given another value."""
    name = draw(st.sampled_from(FILES))
    lines = (TOY_FOLDER / name).read_text().split("\n")
    at = draw(st.integers(0, len(lines) - 1))
    kind = draw(st.sampled_from(["lose", "double", "cut", "value", "entry", "swap"]))
    line = lines[at]
    if kind == "lose":
        del lines[at]
    elif kind == "double":
        lines.insert(at, line)
    elif kind == "cut":
        lines[at] = line[: draw(st.integers(0, len(line)))]
    elif kind == "value":
        lines[at] = f"{line.split('=')[0]}= {draw(st.sampled_from(VALUES))}"
    elif kind == "entry":
        # The last value inside an inline table, or the value of a plain key.
        head, _, tail = line.rpartition("=")
        closing = " }" if tail.rstrip().endswith("}") else ""
        lines[at] = f"{head}= {draw(st.sampled_from(VALUES))}{closing}"
    else:
        other = draw(st.integers(0, len(lines) - 1))
        lines[at], lines[other] = lines[other], line
    return name, "\n".join(lines)


@settings(max_examples=150)
@given(damages())
def test_a_damaged_model_gives_a_network_or_a_clear_error(damage: tuple[str, str]) -> None:
    name, text = damage
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "toy"
        shutil.copytree(TOY_FOLDER, copy)
        (copy / name).write_text(text)
        try:
            network = compose(copy / "toy.toml", drugs=DRUGS)
            contexts = [load_context(name, network=network) for name in ("TOR-high", "TOR-set")]
            values = apply_contexts(network, contexts)
        except MtorsimError as error:
            message = str(error)
        else:
            message = "loaded"
            assert values.shape == (len(network.parameters),)
    assert message.strip()
