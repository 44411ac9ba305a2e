"""A model with arbitrary rate laws, rules and events, as it was read: plain data, nothing derived.

Formulas are nodes of the model's `ExpressionGraph`, in which the id of a quantity is a
``symbol``. Numbers are in the model's own units. A value of None was not given.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mtorsim.network.expression import ExpressionGraph


@dataclass(frozen=True, slots=True)
class Compartment:
    """A volume (or area, or length) that species are in."""

    id: str
    size: float | None
    dimensions: float = 3.0
    name: str = ""


@dataclass(frozen=True, slots=True)
class ModelSpecies:
    """A species of a compartment.

    Parameters
    ----------
    in_amount : its symbol means an amount wherever it is used; else a concentration
    boundary : reactions do not change it
    conversion_factor : id of the parameter that turns extent of reaction into its amount
    """

    id: str
    compartment: str
    initial_amount: float | None = None
    initial_concentration: float | None = None
    in_amount: bool = False
    boundary: bool = False
    constant: bool = False
    conversion_factor: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class ModelParameter:
    """A parameter; one that is local to a reaction has the id ``reaction.parameter``."""

    id: str
    value: float | None
    constant: bool = True
    name: str = ""


@dataclass(frozen=True, slots=True)
class Participant:
    """A species on one side of a reaction; ``id`` lets rules and events set its stoichiometry."""

    species: str
    stoichiometry: float | None = 1.0
    id: str | None = None


@dataclass(frozen=True, slots=True)
class ModelReaction:
    """A reaction whose ``law`` is a formula, in extent per time; None is no change."""

    id: str
    reactants: tuple[Participant, ...]
    products: tuple[Participant, ...]
    law: int | None
    reversible: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class ModelEvent:
    """Assignments made when the trigger becomes true.

    Parameters
    ----------
    trigger, delay, priority : formulas
    initially_true : the trigger counts as true before the start, so does not fire there
    persistent : once triggered it is executed though the trigger may turn false during the delay
    uses_trigger_values : assignments take the values of the moment of triggering
    assignments : pairs (id, formula)
    """

    id: str
    trigger: int
    assignments: tuple[tuple[str, int], ...]
    delay: int | None = None
    priority: int | None = None
    initially_true: bool = True
    persistent: bool = True
    uses_trigger_values: bool = True


@dataclass(frozen=True, slots=True)
class GeneralModel:
    """Everything that decides how an imported model behaves.

    Parameters
    ----------
    rules : id -> formula that holds at all times
    rates : id -> formula of the time derivative
    initial : id -> formula of the value at the start
    conversion_factor : id of the parameter for species that have none of their own
    origin : file, for messages
    lines : id -> line of the file, for messages
    time_unit : ``"min"``; empty where the file declares none
    units : id -> unit, for what the file declares one of
    """

    id: str
    graph: ExpressionGraph
    compartments: tuple[Compartment, ...] = ()
    species: tuple[ModelSpecies, ...] = ()
    parameters: tuple[ModelParameter, ...] = ()
    reactions: tuple[ModelReaction, ...] = ()
    events: tuple[ModelEvent, ...] = ()
    rules: dict[str, int] = field(default_factory=dict)
    rates: dict[str, int] = field(default_factory=dict)
    initial: dict[str, int] = field(default_factory=dict)
    conversion_factor: str | None = None
    name: str = ""
    origin: str = ""
    lines: dict[str, int] = field(default_factory=dict)
    time_unit: str = ""
    units: dict[str, str] = field(default_factory=dict)

    def where(self, quantity: str) -> str:
        """``file:line`` of an id, for messages."""
        line = self.lines.get(quantity)
        return self.origin if line is None else f"{self.origin}:{line}"
