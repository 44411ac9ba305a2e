"""The equations of a system for people: plain text and LaTeX, each flux written once."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mtorsim.network.monomial import Monomial
from mtorsim.network.species import parse_species_id

if TYPE_CHECKING:
    from mtorsim.symbolic.system import OdeSystem

TEXT_WIDTH = 100
LATEX_TERMS_PER_LINE = 6


def equations_text(system: OdeSystem) -> str:
    """Fluxes and balances as plain text; ``[A]`` is the amount of A, in nM.

    Returns
    -------
    Lines ``v_bind = k_on * [A] * [B]`` and ``d[A]/dt = - v_bind + 2 v_split``, wrapped
    """
    flux_lines = [
        f"v_{reaction} = " + " * ".join([str(law), *(_power_text(*f) for f in factors)])
        for reaction, law, factors in zip(
            system.reactions, system.rate_laws, _factors(system), strict=True
        )
    ]
    balance_lines = [
        f"d[{name}]/dt = " + _signed_terms(terms, "\N{NO-BREAK SPACE}v_{}", system.reactions)
        for name, terms in zip(system.species, _terms_by_species(system), strict=True)
    ]
    sections = [("Fluxes (nM/s)", flux_lines), ("Equations (nM/s)", balance_lines)]
    return "\n\n".join("\n".join([title, *map(_wrap, lines)]) for title, lines in sections) + "\n"


def equations_latex(system: OdeSystem) -> str:
    """Fluxes, numbered in the order of the network, and balances, as amsmath ``align*``."""
    numbers = [str(r + 1) for r in range(len(system.reactions))]
    flux_lines = [
        rf"v_{{{number}}} &= " + r"\,".join([_law_latex(law), *(_power_latex(*f) for f in factors)])
        for number, law, factors in zip(numbers, system.rate_laws, _factors(system), strict=True)
    ]
    balance_lines = [
        rf"\frac{{\mathrm{{d}}{species_latex(name)}}}{{\mathrm{{d}}t}} &= "
        + _broken(_signed_terms(terms, "\N{NO-BREAK SPACE}v_{{{}}}", numbers))
        for name, terms in zip(system.species, _terms_by_species(system), strict=True)
    ]
    blocks = [_align(flux_lines, system.reactions), _align(balance_lines, system.species)]
    return "\n".join(filter(None, blocks))


def species_latex(species: str) -> str:
    r"""Amount of a species: ``AKT_pS473:X`` is ``[\mathrm{AKT}_{\mathrm{pS473}}{:}\mathrm{X}]``."""
    components = [
        rf"\mathrm{{{_escape(name)}}}" + (rf"_{{\mathrm{{{','.join(states)}}}}}" if states else "")
        for name, states in parse_species_id(species)
    ]
    return f"[{'{:}'.join(components)}]"


def parameter_latex(name: str) -> str:
    r"""Symbol of a parameter: ``k_on_ph`` is ``k_{\mathrm{on\_ph}}``."""
    head, _, tail = name.partition("_")
    symbol = head if len(head) == 1 else rf"\mathrm{{{head}}}"
    return symbol + (rf"_{{\mathrm{{{_escape(tail)}}}}}" if tail else "")


def _factors(system: OdeSystem) -> list[list[tuple[str, int]]]:
    """Per reaction the pairs (species, power) that multiply its rate law, inputs first."""
    return [
        list(Counter([*inputs, *(system.species[i] for i in indices)]).items())
        for inputs, indices in zip(system.inputs, system.structure.reactants, strict=True)
    ]


def _terms_by_species(system: OdeSystem) -> list[list[tuple[int, int]]]:
    """Per species the pairs (reaction, net change)."""
    terms: list[list[tuple[int, int]]] = [[] for _ in system.species]
    for r, changes in enumerate(system.structure.changes):
        for i, change in changes:
            terms[i].append((r, change))
    return terms


def _signed_terms(terms: Sequence[tuple[int, int]], form: str, names: Sequence[str]) -> str:
    """``- v_a + 2 v_b``; a term holds together at a no-break space. 0 if there are none."""
    signed = [
        ("-" if change < 0 else "+")
        + (f"\N{NO-BREAK SPACE}{abs(change)}" if abs(change) > 1 else "")
        + form.format(names[r])
        for r, change in terms
    ]
    return " ".join(signed).removeprefix("+\N{NO-BREAK SPACE}") or "0"


def _wrap(line: str) -> str:
    wrapped = textwrap.fill(
        line,
        TEXT_WIDTH,
        initial_indent="  ",
        subsequent_indent="      ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapped.replace("\N{NO-BREAK SPACE}", " ")


def _broken(terms: str) -> str:
    """A sum over lines of a few terms each."""
    pieces = terms.split(" ")
    lines = [
        " ".join(pieces[start : start + LATEX_TERMS_PER_LINE])
        for start in range(0, len(pieces), LATEX_TERMS_PER_LINE)
    ]
    return " \\\\\n  &\\quad ".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def _align(lines: Sequence[str], names: Sequence[str]) -> str:
    """The lines as one environment, each with its name as a comment; nothing if there are none."""
    if not lines:
        return ""
    ends = [r" \\"] * (len(lines) - 1) + [""]
    body = [f"{line}{end} % {name}" for line, end, name in zip(lines, ends, names, strict=True)]
    return "\n".join([r"\begin{align*}", *body, r"\end{align*}", ""])


def _law_latex(law: Monomial) -> str:
    above = [_power(parameter_latex(name), power) for name, power in law.powers if power > 0]
    below = [_power(parameter_latex(name), -power) for name, power in law.powers if power < 0]
    if law.coefficient != 1 or not above:
        above.insert(0, _number_latex(law.coefficient))
    numerator, denominator = r"\,".join(above), r"\,".join(below)
    return rf"\frac{{{numerator}}}{{{denominator}}}" if below else numerator


def _number_latex(value: float) -> str:
    mantissa, _, exponent = f"{value:.12g}".partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa


def _power_text(species: str, power: int) -> str:
    return f"[{species}]" if power == 1 else f"[{species}]^{power}"


def _power_latex(species: str, power: int) -> str:
    return _power(species_latex(species), power)


def _power(symbol: str, power: int) -> str:
    return symbol if power == 1 else f"{symbol}^{{{power}}}"


def _escape(name: str) -> str:
    return name.replace("_", r"\_")
