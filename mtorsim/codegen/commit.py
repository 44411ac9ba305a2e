"""Adds the last accepted attempt to the state, and holds the conserved sums of a network."""

from __future__ import annotations

from mtorsim.codegen.arena import Moieties, StepSpecification
from mtorsim.codegen.program import ProgramBuilder
from mtorsim.solvers import control


def commit(b: ProgramBuilder, s: StepSpecification) -> None:
    """Add the last accepted attempt to the state."""
    accepted = b.load("control", control.PENDING) >= 0.5
    with b.loop(s.n_species) as i:
        state = b.load("y", i)
        state = b.select(accepted, state + b.convert(b.load("increment", i), "double"), state)
        b.store("y", i, state)
        if s.precision == "single" and not s.moieties:
            b.store("y_low", i, state)
    if s.moieties:
        b.comment("hold the conserved sums")
        hold_sums(b, s.moieties)
        if s.precision == "single":
            with b.loop(s.n_species) as i:
                b.store("y_low", i, b.load("y", i))


def hold_sums(b: ProgramBuilder, moieties: Moieties) -> None:
    """Scale the members of each conserved sum back to its total, one sum after the other.

    Rounding in a long step lets the sums drift. As they share members, a later sum disturbs an
    earlier one; what is left of that shrinks with every step.
    """
    for number, members in enumerate(moieties):
        values = [b.load("y", i) for i, _ in members]
        weighted = [
            value if weight == 1 else value * float(weight)
            for (_, weight), value in zip(members, values, strict=True)
        ]
        present = b.total(weighted, [])
        assert present is not None  # a moiety has members
        factor = b.select(present >= 1e-300, b.load("total", number) / present, 1.0)
        for (i, _), value in zip(members, values, strict=True):
            b.store("y", i, value * factor)
