"""Recognises mass action: rates that are polynomials of the state run on the mass-action engine."""

from __future__ import annotations

from dataclasses import dataclass

from mtorsim.network.expression import ExpressionGraph
from mtorsim.network.structure import MassActionStructure
from mtorsim.symbolic.lane_form import LaneForm

#: inputs and states of a term, each ascending and repeated for powers
Key = tuple[tuple[int, ...], tuple[int, ...]]
Polynomial = dict[Key, float]

MAX_TERMS = 20_000
#: the engine takes at most so many reactants
MAX_ORDER = 3
#: ratios of stoichiometry this close to a whole number are one
WHOLE = 1e-12
#: the engine writes a whole change as repeated additions
LARGEST_CHANGE = 8


@dataclass(frozen=True, slots=True)
class MassActionForm:
    """A lane form as a mass-action network.

    Parameters
    ----------
    structure : states as species
    coefficients : per reaction the number that its rate constant holds
    inputs : per reaction the inputs whose product its rate constant holds besides
    """

    structure: MassActionStructure
    coefficients: tuple[float, ...]
    inputs: tuple[tuple[int, ...], ...]


def mass_action_form(form: LaneForm) -> MassActionForm | None:
    """The same system as mass action; None where a rate is not such a polynomial."""
    expander = _Expander(form.graph, form.n_states)
    changes_of: dict[Key, dict[int, float]] = {}
    for i, rate in enumerate(form.rates):
        polynomial = expander.expand(rate)
        if polynomial is None:
            return None
        for key, coefficient in polynomial.items():
            if coefficient != 0.0:
                changes_of.setdefault(key, {})[i] = coefficient
    if any(len(states) > MAX_ORDER for _, states in changes_of):
        return None
    return _network(form.n_states, changes_of)


def _network(n_states: int, changes_of: dict[Key, dict[int, float]]) -> MassActionForm:
    reactants, changes, coefficients, inputs = [], [], [], []
    for (input_key, state_key), change_of in changes_of.items():
        for coefficient, whole in _reactions(change_of):
            reactants.append(state_key)
            changes.append(tuple(sorted(whole.items())))
            coefficients.append(coefficient)
            inputs.append(input_key)
    structure = MassActionStructure(n_states, tuple(reactants), tuple(changes))
    return MassActionForm(structure, tuple(coefficients), tuple(inputs))


def _reactions(change_of: dict[int, float]) -> list[tuple[float, dict[int, int]]]:
    """A term's changes as whole multiples of one number, or of one number for each size."""
    unit = min(map(abs, change_of.values()))
    ratios = {i: change / unit for i, change in change_of.items()}
    if all(_is_whole(ratio) for ratio in ratios.values()):
        return [(unit, {i: round(ratio) for i, ratio in ratios.items()})]
    sizes: dict[float, dict[int, int]] = {}
    for i, change in change_of.items():
        sizes.setdefault(abs(change), {})[i] = 1 if change > 0 else -1
    return list(sizes.items())


def _is_whole(ratio: float) -> bool:
    return abs(ratio) <= LARGEST_CHANGE and abs(ratio - round(ratio)) <= WHOLE * abs(ratio)


class _Expander:
    """Writes formulas as sums of products, each node once."""

    def __init__(self, graph: ExpressionGraph, n_states: int) -> None:
        self.graph, self.n_states = graph, n_states
        self._done: dict[int, Polynomial | None] = {}

    def expand(self, root: int) -> Polynomial | None:
        """The polynomial of a formula; None if it is not one, or has too many terms."""
        for node in self.graph.reachable([root]):
            if node not in self._done:
                self._done[node] = self._expanded(node)
        return self._done[root]

    def _expanded(self, node: int) -> Polynomial | None:
        kind, operands, value = self.graph.nodes[node]
        if kind == "number":
            return {((), ()): float(value or 0.0)}
        if kind == "slot":
            slot = int(str(value))
            is_state = slot < self.n_states
            return {((), (slot,)) if is_state else ((slot - self.n_states,), ()): 1.0}
        parts = [self._done[operand] for operand in operands]
        first = parts[0] if parts else None
        if first is None:
            return None
        if kind == "neg":
            return _scaled(first, -1.0)
        second = parts[1] if len(parts) == 2 else None
        return None if second is None else self._combined(kind, first, second)

    def _combined(self, kind: str, first: Polynomial, second: Polynomial) -> Polynomial | None:
        if kind in ("add", "sub"):
            return _sum(first, second if kind == "add" else _scaled(second, -1.0))
        if kind == "mul":
            return _product(first, second)
        number = second.get(((), ())) if len(second) == 1 else None
        if kind == "div" and number:
            return _scaled(first, 1.0 / number)
        if kind == "pow" and number in (1.0, 2.0, 3.0):
            power: Polynomial | None = first
            for _ in range(int(number) - 1):
                power = None if power is None else _product(power, first)
            return power
        return None


def _scaled(polynomial: Polynomial, factor: float) -> Polynomial:
    return {key: factor * coefficient for key, coefficient in polynomial.items()}


def _sum(first: Polynomial, second: Polynomial) -> Polynomial:
    total = dict(first)
    for key, coefficient in second.items():
        total[key] = total.get(key, 0.0) + coefficient
    return total


def _product(first: Polynomial, second: Polynomial) -> Polynomial | None:
    if len(first) * len(second) > MAX_TERMS:
        return None
    product: Polynomial = {}
    for (inputs_a, states_a), a in first.items():
        for (inputs_b, states_b), b in second.items():
            key = (tuple(sorted(inputs_a + inputs_b)), tuple(sorted(states_a + states_b)))
            product[key] = product.get(key, 0.0) + a * b
    return product
