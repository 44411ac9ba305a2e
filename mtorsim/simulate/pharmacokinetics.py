"""A drug in the body, as first-order reactions of the same network that holds its targets.

Amounts of the drug in gut, central and peripheral compartment and what is eliminated are counted in
nM of the central volume, so that what is given is at all times the sum of the four. Cells read the
unbound concentration and take nothing from it: the reactions that took drug from the medium name
the central species on both sides, with the unbound fraction in their rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mtorsim.modelfiles.pharmacokinetics import Pharmacokinetics, load_pharmacokinetics
from mtorsim.network.dose import Dose
from mtorsim.network.monomial import Monomial, parse_monomial
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.observable import Observable
from mtorsim.network.quantity import Parameter
from mtorsim.network.reaction import Reaction
from mtorsim.network.species import Species

MODULE = "pharmacokinetics"

_TITLES = {
    "gut": "{drug} in the gut, nM of its central volume",
    "central": "{drug} in {matrix}, bound and free",
    "peripheral": "{drug} in tissue, nM of its central volume",
    "eliminated": "{drug} eliminated so far, nM of its central volume",
    "entered": "{drug} infused or formed so far, nM of its central volume",
}


def dosed_in_mg(network: ReactionNetwork, drugs: Iterable[str]) -> ReactionNetwork:
    """The network with these drugs, and the drugs that they form, given in mg.

    Parameters
    ----------
    drugs : merged in, as are those that they form; one that is given in mg already stays

    Raises
    ------
    InputError : a drug has no pharmacokinetics; names those that have
    """
    missing = [drug for drug in drugs if network.doses[drug].unit != "mg"]
    loaded = {drug: load_pharmacokinetics(drug) for drug in with_metabolites(missing)}
    for drug in sorted(loaded, key=lambda name: (loaded[name].metabolite != "", name)):
        if network.doses[drug].unit != "mg":
            network = with_pharmacokinetics(network, loaded[drug])
    return network


def with_metabolites(drugs: Iterable[str]) -> tuple[str, ...]:
    """These drugs and those that they form, each once."""
    named = [name for drug in drugs for name in (drug, load_pharmacokinetics(drug).metabolite)]
    return tuple(dict.fromkeys(filter(None, named)))


def with_pharmacokinetics(network: ReactionNetwork, kinetics: Pharmacokinetics) -> ReactionNetwork:
    """The network with a drug given to a body in mg instead of to the medium in nM.

    Parameters
    ----------
    network : with the drug merged in; a metabolite must already have its pharmacokinetics
    kinetics : of the drug

    Returns
    -------
    Network in which the dose species of the drug is gone, and its dose is in mg
    """
    drug = kinetics.drug
    medium = network.doses[drug]
    per_central = parse_monomial(f"({medium.amount}) * ({unbound_fraction(kinetics)})")
    reactions = tuple(
        _reading_blood(reaction, medium.species, f"{drug}_central", per_central)
        for reaction in network.reactions
    )
    remaining = tuple(entry for entry in network.species if entry.id != medium.species)
    infused = (_rate_unit(drug),) if kinetics.route == "infusion" else ()
    return replace(
        network,
        species=(*remaining, *_body_species(kinetics, present=network.species_ids)),
        reactions=(*reactions, *_body_reactions(kinetics)),
        parameters=(*network.parameters, *kinetics.parameters, *infused),
        observables=(
            *(_without(observable, medium.species) for observable in network.observables),
            _concentration(kinetics),
        ),
        doses={**network.doses, drug: _dose(kinetics)},
        sources={**network.sources, **kinetics.sources},
    )


def unbound_fraction(kinetics: Pharmacokinetics) -> Monomial:
    """Unbound concentration over that in the central compartment, of parameters."""
    text = f"fraction_unbound_{kinetics.drug}"
    if kinetics.measured_in == "blood":
        text += f" / blood_to_plasma_{kinetics.drug}"
    return parse_monomial(text)


def drugs_in_bodies(network: ReactionNetwork) -> tuple[str, ...]:
    """Drugs of a network that are given in mg."""
    return tuple(drug for drug, dose in network.doses.items() if dose.unit == "mg")


def _reading_blood(
    reaction: Reaction, medium: str, central: str, per_central: Monomial
) -> Reaction:
    """The reaction with drug from the medium replaced by unbound drug, which is not used up."""
    if medium not in (*reaction.reactants, *reaction.products):
        return reaction
    taken = reaction.reactants.count(medium)
    kept = tuple(name for name in reaction.products if name != medium)
    return replace(
        reaction,
        reactants=tuple(central if name == medium else name for name in reaction.reactants),
        products=(*kept, *[central] * taken),
        rate=parse_monomial(f"({reaction.rate})" + f" * ({per_central})" * taken),
        open=True,
    )


def _without(observable: Observable, medium: str) -> Observable:
    """The observable without the medium, which is gone."""

    def kept(weights: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
        return tuple((name, weight) for name, weight in weights if name != medium)

    return replace(
        observable,
        weights=kept(observable.weights),
        total_weights=kept(observable.total_weights),
    )


def _body_species(kinetics: Pharmacokinetics, *, present: Sequence[str]) -> Iterator[Species]:
    """The compartments, and counters of what enters other than by the mouth."""
    drug, infused = kinetics.drug, kinetics.route == "infusion"
    places = ["entered"] if infused else ["gut"]
    places += ["central", "peripheral"] if kinetics.compartments == 2 else ["central"]
    for place in (*places, "eliminated"):
        title = _TITLES[place].format(drug=drug, matrix=kinetics.measured_in)
        yield Species(f"{drug}_{place}", title=title)
    if infused:
        yield Species(f"{drug}_infusion", fixed=True, title=f"{drug} infused, nM/s")
    formed = f"{kinetics.metabolite}_entered"
    if kinetics.metabolite and formed not in present:
        yield Species(formed, title=_TITLES["entered"].format(drug=kinetics.metabolite))


def _body_reactions(kinetics: Pharmacokinetics) -> Iterator[Reaction]:
    drug = kinetics.drug
    central, peripheral = f"{drug}_central", f"{drug}_peripheral"

    def step(
        name: str, reactant: str, products: tuple[str, ...], rate: str, *, is_open: bool = False
    ) -> Reaction:
        monomial = parse_monomial(rate)
        return Reaction(f"{drug}_{name}", MODULE, (reactant,), products, monomial, open=is_open)

    if kinetics.route == "oral":
        yield step("absorption", f"{drug}_gut", (central,), f"absorption_rate_{drug}")
    else:
        products = (central, f"{drug}_entered")
        yield step("infusion", f"{drug}_infusion", products, f"infusion_unit_{drug}", is_open=True)
    if kinetics.compartments == 2:
        between = f"clearance_distribution_{drug}"
        # The peripheral amount is counted in nM of the central volume, so both rates are Q over
        # the volume that is left.
        yield step("distribution", central, (peripheral,), f"{between} / volume_central_{drug}")
        yield step("return", peripheral, (central,), f"{between} / volume_peripheral_{drug}")
    elimination = f"clearance_{drug} / volume_central_{drug}"
    yield step("elimination", central, (f"{drug}_eliminated",), elimination)
    if kinetics.metabolite:
        # AUC = amount formed / clearance: this rate makes the ratio of AUCs what it is.
        other = kinetics.metabolite
        rate = f"metabolite_auc_ratio_{drug} * clearance_{other} / volume_central_{other}"
        made = (central, f"{other}_central", f"{other}_entered")
        yield step(f"forms_{other}", central, made, rate, is_open=True)


def _concentration(kinetics: Pharmacokinetics) -> Observable:
    drug, matrix = kinetics.drug, kinetics.measured_in
    return Observable(
        f"{drug}_in_{matrix}",
        weights=((f"{drug}_central", 1.0),),
        title=f"{drug} in {matrix}, bound and free",
    )


def _dose(kinetics: Pharmacokinetics) -> Dose:
    """1 mg in nM of the central volume: 1e6 nmol over the molar mass in g/mol, over litres."""
    drug = kinetics.drug
    infused = kinetics.route == "infusion"
    return Dose(
        species=f"{drug}_central" if infused else f"{drug}_gut",
        amount=parse_monomial(f"1e6 / (molar_mass_{drug} * volume_central_{drug})"),
        fixed=False,
        unit="mg",
        infusion=f"{drug}_infusion" if infused else "",
        infusion_time=kinetics.infusion_time,
    )


def _rate_unit(drug: str) -> Parameter:
    """1 1/s, so that the level of an infusion, in nM, is its rate in nM/s."""
    return Parameter(
        f"infusion_unit_{drug}",
        value=1.0,
        unit="1/s",
        value_as_written=1.0,
        spread=1.0,
        source="assumed",
        meaning=f"unit of the infusion of {drug}",
        why="a definition: the level of the infusion is its rate in nM/s",
    )
