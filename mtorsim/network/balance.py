"""What a network conserves: components within each reaction, moieties over all of them, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtorsim.network.null_space import IndependentRows, Row, left_null_space
from mtorsim.network.species import composition
from mtorsim.network.structure import MassActionStructure

if TYPE_CHECKING:
    from mtorsim.network.network import ReactionNetwork
    from mtorsim.network.reaction import Reaction

Array = NDArray[np.float64]

NAMED_SPECIES = 3
"""Species spelled out in the name of a moiety that no component names; the rest are counted."""


@dataclass(frozen=True, slots=True)
class ConservedMoiety:
    """A weighted sum of species amounts that no reaction changes.

    Parameters
    ----------
    name : ``"total AKT"`` where the sum counts a component, else the sum itself
    weights : integer per dynamic species, in the order of the network; ``weights @ N == 0`` exactly
    """

    name: str
    weights: tuple[int, ...]

    def total(self, y: Array) -> Array:
        """Conserved amount of the states ``y`` (..., n_species), nM; shape (...)."""
        return np.asarray(y @ np.array(self.weights, dtype=np.float64))


def check_balance(network: ReactionNetwork) -> list[str]:
    """Say which reactions make or lose a component without being declared open.

    Returns
    -------
    One line a problem: file and line, reaction, what is on either side, what to do; empty if none
    """
    return [
        problem
        for reaction in network.reactions
        if not reaction.open and (problem := _imbalance(reaction))
    ]


def conserved_moieties(network: ReactionNetwork) -> tuple[ConservedMoiety, ...]:
    """Basis of everything that the dynamic species of ``network`` conserve.

    Species that are held fixed are reservoirs: a component exchanged with one is not conserved.

    Returns
    -------
    (n_species - rank N) moieties: component totals first, non-negative wherever a basis can be so
    """
    species = network.dynamic_species
    return find_moieties(
        network.structure(), species, compositions=[composition(name) for name in species]
    )


def find_moieties(
    structure: MassActionStructure,
    species: Sequence[str],
    *,
    compositions: Sequence[Mapping[str, int]] | None = None,
) -> tuple[ConservedMoiety, ...]:
    """Basis of the left null space of N, named by component where compositions are known.

    Parameters
    ----------
    structure : the network
    species : (n_species,) ids, for names
    compositions : (n_species,) component -> count, or None if unknown

    Returns
    -------
    (n_species - rank N) moieties, linearly independent: conserved component totals first, then sums
    or differences of totals, then the sparsest sums of species that complete the basis
    """
    columns = [dict(changes) for changes in structure.changes]
    candidates = [
        *_component_sums(columns, compositions or [{}] * structure.n_species),
        *((_sum_name(row, species), row) for row in left_null_space(structure.n_species, columns)),
    ]
    independent = IndependentRows()
    chosen = [(name, row) for name, row in candidates if row and independent.admit(row)]
    return tuple(
        ConservedMoiety(name, tuple(row.get(i, 0) for i in range(structure.n_species)))
        for name, (_, row) in zip(_number_repeats(name for name, _ in chosen), chosen, strict=True)
    )


def moiety_matrix(moieties: Sequence[ConservedMoiety], *, n_species: int) -> NDArray[np.int64]:
    """Weights of ``moieties`` as rows, shape (n_moieties, n_species)."""
    weights = [moiety.weights for moiety in moieties]
    return np.array(weights, dtype=np.int64).reshape(len(moieties), n_species)


def _component_sums(
    columns: Sequence[Mapping[int, int]], compositions: Sequence[Mapping[str, int]]
) -> list[tuple[str, Row]]:
    """Conserved combinations of component totals, with the single totals first."""
    components = list(dict.fromkeys(name for counts in compositions for name in counts))
    index_of_component = {name: c for c, name in enumerate(components)}
    of_species = [
        {index_of_component[name]: count for name, count in counts.items()}
        for counts in compositions
    ]
    # A combination u of totals is conserved if u C N = 0, C being the table of compositions.
    combinations = left_null_space(
        len(components), [_weighted_sum(column, of_species) for column in columns]
    )
    return [
        (
            _signed_sum({f"total {components[c]}": weight for c, weight in sorted(u.items())}),
            _nonzero(
                {
                    i: sum(u.get(c, 0) * count for c, count in counts.items())
                    for i, counts in enumerate(of_species)
                }
            ),
        )
        for u in combinations
    ]


def _weighted_sum(weights: Mapping[int, int], rows: Sequence[Mapping[int, int]]) -> Row:
    total: Row = {}
    for i, weight in weights.items():
        for c, value in rows[i].items():
            total[c] = total.get(c, 0) + weight * value
    return _nonzero(total)


def _nonzero(row: Row) -> Row:
    return {i: weight for i, weight in row.items() if weight}


def _sum_name(row: Row, species: Sequence[str]) -> str:
    """``A + 2 A:B``, cut after a few species."""
    shown = dict(sorted(row.items())[:NAMED_SPECIES])
    name = _signed_sum({species[i]: weight for i, weight in shown.items()})
    n_hidden = len(row) - len(shown)
    return f"{name} + {n_hidden} more" if n_hidden else name


def _signed_sum(weight_of_term: Mapping[str, int]) -> str:
    """``A - 2 B`` for {A: 1, B: -2}."""
    text = "".join(
        (" - " if weight < 0 else " + ") + (term if abs(weight) == 1 else f"{abs(weight)} {term}")
        for term, weight in weight_of_term.items()
    )
    return text[3:] if text.startswith(" + ") else "-" + text[3:]


def _number_repeats(names: Iterable[str]) -> list[str]:
    """The names, a repeated one with `` (2)`` and so on."""
    seen: dict[str, int] = {}
    numbered = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        numbered.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return numbered


def _imbalance(reaction: Reaction) -> str:
    """What the sides of ``reaction`` differ in, or nothing."""
    left, right = _count_components(reaction.reactants), _count_components(reaction.products)
    differences = [
        f"{left.get(name, 0)} {name} on the left but {right.get(name, 0)} on the right"
        for name in dict.fromkeys([*left, *right])
        if left.get(name, 0) != right.get(name, 0)
    ]
    if not differences:
        return ""
    return (
        f'{reaction.origin}: reaction "{reaction.id}": {", ".join(differences)}; '
        "mend the equation, or say open = true if it is synthesis or degradation"
    )


def _count_components(species: Iterable[str]) -> dict[str, int]:
    total: dict[str, int] = {}
    for name in species:
        for component, count in composition(name).items():
            total[component] = total.get(component, 0) + count
    return total
