"""Whether the parts of a network fit together: names, units, reachability, loops, balance."""

from __future__ import annotations

from collections.abc import Iterator

from mtorsim.errors import suggestion
from mtorsim.network.balance import check_balance
from mtorsim.network.monomial import Monomial
from mtorsim.network.network import ReactionNetwork, clamped_id
from mtorsim.network.quantity import unit_text
from mtorsim.network.species import canonical_components

Powers = tuple[int, int]
_CONCENTRATION: Powers = (1, 0)
_DIMENSIONLESS: Powers = (0, 0)


def find_problems(network: ReactionNetwork) -> list[str]:
    """Everything that is wrong with a network, one line each, with file and line where known.

    What follows from an unknown name is not reported on top of it: names and units come first,
    the rest only if these are right.
    """
    first = [*_mirrored_complexes(network), *_expression_problems(network), *_loop_names(network)]
    if first:
        return first
    return [
        *check_balance(network),
        *_unused_parameters(network),
        *_unreached_species(network),
        *_loop_signals(network),
    ]


def _mirrored_complexes(network: ReactionNetwork) -> Iterator[str]:
    """Two ids of one complex, such as ``A:B`` and ``B:A``."""
    first_of: dict[object, str] = {}
    for species in network.species:
        first = first_of.setdefault(canonical_components(species.id), species.id)
        if first != species.id:
            yield (
                f'{species.origin}: species "{species.id}" is the same complex as "{first}"; '
                f'write "{first}" everywhere'
            )


def _expressions(network: ReactionNetwork) -> Iterator[tuple[str, str, Monomial, Powers]]:
    """All monomials: (where, what, the monomial, the dimension it must have)."""
    for reaction in network.reactions:
        what = f'reaction "{reaction.id}": rate'
        yield reaction.origin, what, reaction.rate, reaction.rate_powers
    for species in network.species:
        if species.initial is not None:
            what = f'species "{species.id}": initial'
            yield species.origin, what, species.initial, _CONCENTRATION
    for drug, dose in network.doses.items():
        yield dose.origin, f'drug "{drug}": dose amount', dose.amount, _DIMENSIONLESS


def _expression_problems(network: ReactionNetwork) -> Iterator[str]:
    """Unknown parameters and wrong dimensions."""
    powers_of = {parameter.id: parameter.powers for parameter in network.parameters}
    for origin, what, monomial, wanted in _expressions(network):
        unknown = [name for name in monomial.names if name not in powers_of]
        for name in unknown:
            hint = suggestion(name, powers_of)
            yield f'{origin}: {what} has the unknown parameter "{name}"{hint}'
        if unknown:
            continue
        nM, s = 0, 0
        for name, power in monomial.powers:
            nM, s = nM + power * powers_of[name][0], s + power * powers_of[name][1]
        zero = monomial.coefficient == 0 and not monomial.powers
        if (nM, s) != wanted and not zero:
            yield (
                f"{origin}: {what} {str(monomial)!r} has unit {unit_text((nM, s))}, "
                f"but {unit_text(wanted)} is wanted{_order_hint(what, wanted)}"
            )


def _order_hint(what: str, wanted: Powers) -> str:
    """Why a rate must have the unit it must have."""
    if not what.startswith("reaction"):
        return ""
    order = 1 - wanted[0]
    return f" for {order} reactant{'' if order == 1 else 's'}"


def _unused_parameters(network: ReactionNetwork) -> Iterator[str]:
    used = {name for _, _, monomial, _ in _expressions(network) for name in monomial.names}
    for parameter in network.parameters:
        if parameter.id not in used:
            yield f'{parameter.origin}: parameter "{parameter.id}" is never used'


def _unreached_species(network: ReactionNetwork) -> Iterator[str]:
    """Species that no reaction has, and species that stay at zero whatever happens."""
    reacting = {n for r in network.reactions for n in (*r.reactants, *r.products)}
    reached = _reached(network)
    unreached = [species for species in network.species if species.id not in reached]
    # Where one species is missing, all that follow from it are too: name the first of the chain.
    made = {
        name for r in network.reactions for name, change in r.net_change().items() if change > 0
    }
    roots = [species for species in unreached if species.id not in made] or unreached
    for species in network.species:
        if species.id not in reacting:
            yield f'{species.origin}: species "{species.id}" is in no reaction'
        elif species in roots:
            yield (
                f'{species.origin}: species "{species.id}" is never reached: it has no initial '
                f"amount and nothing makes it{suggestion(species.id, reached)}"
            )


def _reached(network: ReactionNetwork) -> set[str]:
    """Species that can be above zero at some time."""
    reached = {s.id for s in network.species if s.fixed or (s.initial and s.initial.coefficient)}
    reached |= {dose.species for dose in network.doses.values()}
    while True:
        before = len(reached)
        for reaction in network.reactions:
            if reached.issuperset(reaction.reactants):
                reached.update(reaction.products)
        if len(reached) == before:
            return reached


def _loop_names(network: ReactionNetwork) -> Iterator[str]:
    """Names in loops that do not exist."""
    for loop in network.loops:
        for name in dict.fromkeys((*loop.reactions, *loop.clamp)):
            if name not in network.reaction_ids:
                hint = suggestion(name, network.reaction_ids)
                yield f'{loop.origin}: loop "{loop.id}": unknown reaction "{name}"{hint}'
        for name in loop.signals:
            if name not in network.species_ids:
                hint = suggestion(name, network.species_ids)
                yield f'{loop.origin}: loop "{loop.id}": unknown species "{name}"{hint}'


def _loop_signals(network: ReactionNetwork) -> Iterator[str]:
    """Signals that the loop does not read, which could not be clamped."""
    for loop in network.loops:
        for signal in loop.signals:
            reactions = [network.reaction(name) for name in loop.clamp]
            names = {signal, clamped_id(signal)}
            if not any(names.intersection(reaction.reactants) for reaction in reactions):
                yield (
                    f'{loop.origin}: loop "{loop.id}": none of its reactions reads the signal '
                    f'"{signal}"'
                )
