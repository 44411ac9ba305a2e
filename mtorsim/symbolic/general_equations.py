"""The equations of an imported model for people: plain text and LaTeX, each rate written once."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from mtorsim.network.general_model import GeneralModel, ModelReaction, ModelSpecies
from mtorsim.symbolic.formula_text import LATEX, TEXT, Notation, write_formula

TEXT_WIDTH = 100
Pairs = list[tuple[str, str]]


def general_equations_text(model: GeneralModel) -> str:
    """Rates of reactions, differential equations, rules and events, as wrapped plain text.

    Returns
    -------
    Lines ``v_R1 = k1 * A`` and ``dA/dt = (- v_R1 + 2 v_R2) / cell``, names as in the file
    """
    laws = [(f"v_{sid}", text) for sid, text in _laws(model, TEXT)]
    slopes = [(f"d{what}/dt", text) for what, text in _slopes(model, TEXT, "v_{0}", " * ")]
    rules = [(sid, _formula(model, node, TEXT)) for sid, node in model.rules.items()]
    events = list(_events(model))
    sections = {"Rates": laws, "Equations": slopes, "Rules": rules, "Events": events}
    return "\n".join(
        "\n".join([title, *(_wrapped(left, right) for left, right in pairs), ""])
        for title, pairs in sections.items()
        if pairs
    )


def general_equations_latex(model: GeneralModel) -> str:
    """Rates, differential equations and rules, each as amsmath ``align*``; events are left out."""
    name = LATEX.name
    laws = [(f"v_{{{name(sid)}}}", text) for sid, text in _laws(model, LATEX)]
    slopes = [
        (rf"\frac{{\mathrm{{d}}{what}}}{{\mathrm{{d}}t}}", text)
        for what, text in _slopes(model, LATEX, "v_{{{0}}}", r"\,")
    ]
    rules = [(name(sid), _formula(model, node, LATEX)) for sid, node in model.rules.items()]
    return "\n".join(_align(pairs) for pairs in (laws, slopes, rules) if pairs)


def reaction_text(reaction: ModelReaction) -> str:
    """``A + 2 B -> C``."""
    sides = (
        " + ".join(
            (p.id or f"{p.stoichiometry:g}") + f" {p.species}"
            if p.id or (p.stoichiometry is not None and p.stoichiometry != 1.0)
            else p.species
            for p in side
        )
        for side in (reaction.reactants, reaction.products)
    )
    left, right = (side or "0" for side in sides)
    return f"{left} {'<->' if reaction.reversible else '->'} {right}"


def law_text(model: GeneralModel, reaction: ModelReaction) -> str:
    """Rate law of a reaction; empty where it has none."""
    return "" if reaction.law is None else _formula(model, reaction.law, TEXT)


def _formula(model: GeneralModel, node: int, notation: Notation) -> str:
    return write_formula(model.graph, node, notation)


def _laws(model: GeneralModel, notation: Notation) -> Iterator[tuple[str, str]]:
    for reaction in model.reactions:
        if reaction.law is not None:
            yield reaction.id, _formula(model, reaction.law, notation)


def _slopes(
    model: GeneralModel, notation: Notation, rate: str, times: str
) -> Iterator[tuple[str, str]]:
    """What moves, and its rate of change."""
    name = notation.name
    by_species = {species.id: species for species in model.species}
    sums: dict[str, list[str]] = {}
    for reaction in model.reactions:
        if reaction.law is None:
            continue
        for side, sign in ((reaction.reactants, "-"), (reaction.products, "+")):
            for p in side:
                species = by_species[p.species]
                if not (species.boundary or species.constant or species.id in model.rates):
                    factor = name(p.id) + times if p.id else _count(p.stoichiometry)
                    term = f"{sign} {factor}{rate.format(name(reaction.id))}"
                    sums.setdefault(species.id, []).append(term)
    for sid, terms in sums.items():
        yield _balance(model, by_species[sid], " ".join(terms).removeprefix("+ "), notation, times)
    for sid, node in model.rates.items():
        yield name(sid), _formula(model, node, notation)


def _count(stoichiometry: float | None) -> str:
    return (
        "" if stoichiometry == 1.0 else "NaN " if stoichiometry is None else f"{stoichiometry:g} "
    )


def _balance(
    model: GeneralModel, species: ModelSpecies, total: str, notation: Notation, times: str
) -> tuple[str, str]:
    """What changes, an amount or a concentration, and how fast."""
    name, brackets = notation.name, notation.brackets
    factor = species.conversion_factor or model.conversion_factor
    if factor is not None:
        total = name(factor) + times + brackets.format(total)
    compartment = next(c for c in model.compartments if c.id == species.compartment)
    if species.in_amount or compartment.dimensions == 0:
        return name(species.id), total
    moves = compartment.id in model.rules or compartment.id in model.rates
    if moves:
        return brackets.format(name(species.id) + times + name(compartment.id)), total
    if compartment.size == 1.0 and compartment.id not in model.initial:
        return name(species.id), total
    return name(species.id), f"{brackets.format(total)} / {name(compartment.id)}"


def _events(model: GeneralModel) -> Iterator[tuple[str, str]]:
    for event in model.events:
        trigger = _formula(model, event.trigger, TEXT)
        if event.delay is not None:
            trigger += f", after {_formula(model, event.delay, TEXT)}"
        for sid, node in event.assignments:
            yield f"at {trigger}: {sid}", _formula(model, node, TEXT)


def _wrapped(left: str, right: str) -> str:
    return textwrap.fill(
        f"{left} = {right}",
        TEXT_WIDTH,
        initial_indent="  ",
        subsequent_indent="      ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _align(pairs: Pairs) -> str:
    lines = [rf"{left} &= {right}" for left, right in pairs]
    return "\n".join([r"\begin{align*}", " \\\\\n".join(lines), r"\end{align*}", ""])
