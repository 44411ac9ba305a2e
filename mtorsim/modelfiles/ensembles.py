"""Parameter sets that describe the same behaviours about equally well, as shipped with a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError, ModelError, suggestion
from mtorsim.modelfiles.document import Problems, read_document
from mtorsim.modelfiles.library import ModelEntry, label_of, search_folders
from mtorsim.network.network import ReactionNetwork

Array = NDArray[np.float64]
Line = tuple[int, str]

ENSEMBLE_FOLDER = "ensembles"
SCORE = "score"


@dataclass(frozen=True, eq=False, repr=False)
class ParameterEnsemble:
    """Parameter sets of a model; what is not among the ids keeps the model's value.

    Parameters
    ----------
    model : id
    ids : parameters that differ between the sets, those of drugs among them
    values : (m, p), nM and s
    scores : (m,) how well each set describes what it was chosen by; ``notes`` say how
    notes : how the sets were made: seed, command, rule
    origin : the file as shown in messages
    heading_line : where in it the ids stand
    """

    model: str
    ids: tuple[str, ...]
    values: Array
    scores: Array
    notes: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""
    heading_line: int = 1

    @property
    def size(self) -> int:
        """Number of sets."""
        return len(self.values)

    @property
    def description(self) -> str:
        """How many sets there are, where they stand, their seed, and the rule of choosing them."""
        seed = f", seed {self.notes['seed']}" if "seed" in self.notes else ""
        rule = f"; {self.notes['rule']}" if "rule" in self.notes else ""
        return f"{self.size} sets of {len(self.ids)} parameters ({self.origin}{seed}){rule}"

    def spread_out(self, n_sets: int) -> ParameterEnsemble:
        """``n_sets`` of the sets, evenly spread over the file; all where there are no more.

        Raises
        ------
        InputError : fewer than one
        """
        if n_sets < 1:
            raise InputError(f"uncertainty over {n_sets} parameter sets: give 1 or more")
        n_sets = min(n_sets, self.size)
        chosen = np.floor((np.arange(n_sets) + 0.5) * self.size / n_sets).astype(np.intp)
        return replace(self, values=self.values[chosen], scores=self.scores[chosen])

    def values_in(self, network: ReactionNetwork) -> Array:
        """Parameter values of a network in each set, (m, n_parameters), nM and s.

        Parameters of drugs that are not merged in are passed over.
        """
        values: Array = np.tile(network.parameter_values(), (self.size, 1))
        column = {name: i for i, name in enumerate(network.parameter_ids)}
        present = [j for j, name in enumerate(self.ids) if name in column]
        values[:, [column[self.ids[j]] for j in present]] = self.values[:, present]
        return values

    def __repr__(self) -> str:
        return (
            f"<ParameterEnsemble of {self.model}: {self.size} sets of {len(self.ids)} parameters>"
        )


def has_ensemble(entry: ModelEntry | None) -> bool:
    """Whether a model comes with parameter sets."""
    return entry is not None and _find(entry) is not None


def chosen_members(
    load: Callable[[], ParameterEnsemble], uncertainty: bool | int
) -> ParameterEnsemble | None:
    """The parameter sets that a caller asks for: none, all (True), or a number of them.

    Raises
    ------
    InputError : something else is asked for, or there are no sets
    """
    if isinstance(uncertainty, bool | np.bool_):
        return load() if uncertainty else None
    if not isinstance(uncertainty, int | np.integer):
        raise InputError(f"uncertainty is {uncertainty!r}: give True, False or a number of sets")
    return load().spread_out(int(uncertainty))


def load_ensemble(
    entry: ModelEntry | None, *, network: ReactionNetwork, drugs: Sequence[str]
) -> ParameterEnsemble:
    """The parameter sets in ``ensembles/<model>.csv`` beside the model file.

    Parameters
    ----------
    network : of the model
    drugs : of the model; their parameters may be among those of the sets

    Raises
    ------
    InputError : the model comes without parameter sets
    ModelError : everything that is wrong with the file, one line each
    """
    path = _find(entry) if entry else None
    if entry is None or path is None:
        raise InputError(
            f"{network.id} comes without parameter sets "
            f"({ENSEMBLE_FOLDER}/{network.id}.csv), so it has no uncertainty to show"
        )
    ensemble = read_ensemble(path, path.stat().st_mtime_ns)
    problems = Problems()
    if ensemble.model != entry.id:
        problems.add(
            f"{ensemble.origin}:1", f'the sets are of model "{ensemble.model}", not "{entry.id}"'
        )
    known = {*network.parameter_ids, *_parameters_of_drugs(entry, drugs)}
    for name in ensemble.ids:
        if name not in known:
            where = f"{ensemble.origin}:{ensemble.heading_line}"
            problems.add(where, f'unknown parameter "{name}"{suggestion(name, known)}')
    problems.raise_if_any()
    return ensemble


def _parameters_of_drugs(entry: ModelEntry, drugs: Sequence[str]) -> Iterator[str]:
    """Ids in the files of drugs and in their templates, without composing them."""
    for folder in search_folders(entry.path.parent):
        for path in sorted((folder / "drugs").rglob("*.toml")):
            document = read_document(path, label=label_of(path), problems=Problems())
            names = document.table("parameters") if document else {}
            yield from (name.replace("{drug}", drug) for name in names for drug in drugs)


def _find(entry: ModelEntry) -> Path | None:
    """The file of a model's parameter sets.

    It is sought beside the model alone: a changed copy of a shipped model has other constants.
    """
    path = entry.path.parent / ENSEMBLE_FOLDER / f"{entry.id}.csv"
    return path if path.is_file() else None


@lru_cache(maxsize=4)
def read_ensemble(path: Path, changed: int = 0) -> ParameterEnsemble:
    """Read a table of parameter sets.

    Lines ``# key: value`` stand first, one of them ``# model: id``; then a heading, ``score`` and
    the ids of parameters; then a line a set, in nM and s.

    Parameters
    ----------
    changed : when the file was last written, so that a later version is read again

    Raises
    ------
    ModelError : everything that is wrong with the file, one line each
    """
    label, problems = label_of(path), Problems()
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ModelError(f"{label}: can not be read: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise ModelError(f"{label}: is not UTF-8 text") from None
    lines = [(i, line.strip()) for i, line in enumerate(text.splitlines(), start=1)]
    notes = dict(_notes(lines, label, problems))
    table = [(i, line) for i, line in lines if line and not line.startswith("#")]
    if not table:
        problems.add(label, f'no heading: write "{SCORE}" and the ids of parameters')
    ids = _ids(table[0], label, problems) if table else ()
    rows = [_numbers(line, ids, label, problems) for line in table[1:]]
    if table and not rows:
        problems.add(label, "no parameter set below the heading")
    problems.raise_if_any()
    numbers = np.array(rows, dtype=np.float64)
    numbers.setflags(write=False)
    return ParameterEnsemble(
        model=notes["model"],
        ids=ids,
        values=numbers[:, 1:],
        scores=numbers[:, 0],
        notes=notes,
        origin=label,
        heading_line=table[0][0],
    )


def _notes(lines: Sequence[Line], label: str, problems: Problems) -> Iterator[tuple[str, str]]:
    """Keys and values of the lines that begin with ``#``."""
    model = False
    for i, line in lines:
        if not line.startswith("#"):
            continue
        key, colon, value = (part.strip() for part in line[1:].partition(":"))
        if not (key and colon and value):
            problems.add(f"{label}:{i}", 'write "# key: value"')
        model = model or key == "model"
        yield key, value
    if not model:
        problems.add(f"{label}:1", 'which model? write "# model: id" at the top')


def _ids(heading: Line, label: str, problems: Problems) -> tuple[str, ...]:
    """Ids of parameters in the heading."""
    where, names = f"{label}:{heading[0]}", [name.strip() for name in heading[1].split(",")]
    if names[0] != SCORE:
        hint = suggestion(names[0], [SCORE]) if names[0] else ""
        problems.add(where, f'the first column is "{names[0]}", it must be "{SCORE}"{hint}')
    for name in dict.fromkeys(names[1:]):
        if names.count(name) > 1:
            problems.add(where, f'"{name}" is named twice')
    if len(names) < 2 or not all(names):
        problems.add(where, "a column has no parameter id")
    return tuple(names[1:])


def _numbers(
    line: Line, ids: Sequence[str], label: str, problems: Problems
) -> tuple[float, ...] | None:
    """Score and values of one set; None, with the problem noted, where a number is wrong."""
    where, cells = f"{label}:{line[0]}", line[1].split(",")
    if len(cells) != len(ids) + 1:
        problems.add(where, f"{len(cells)} numbers, but the heading has {len(ids) + 1} columns")
        return None
    numbers = []
    for name, cell in zip((SCORE, *ids), cells, strict=True):
        try:
            number = float(cell)
        except ValueError:
            number = float("nan")
        if not isfinite(number) or (number < 0 and name != SCORE):
            problems.add(where, f'{name} is "{cell.strip()}": a finite number, not negative')
            return None
        numbers.append(number)
    return tuple(numbers)
