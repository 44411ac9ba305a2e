"""A BioNetGen network as SBML Level 3 Version 2, its amounts counted and its rates by name."""

from __future__ import annotations

from mtorsim.interop.bngl_net import BioNetGenNetwork
from mtorsim.interop.sbml_export import products_of
from mtorsim.interop.sbml_writer import SBO_RATE_CONSTANT, SbmlWriter


def bngl_net_to_sbml(network: BioNetGenNetwork) -> str:
    """SBML text: species ``s1, s2, ...`` under their patterns, groups as assignment rules.

    Equal expressions of rate constants share a parameter. Amounts are in items, in a compartment of
    size 1, whatever the unit of the file: a ``.net`` file does not name it.

    Raises
    ------
    MissingExtraError : python-libsbml is not installed
    """
    writer = SbmlWriter(network.name, substance="item")
    species = [writer.unique_id(f"s{i}") for i in range(1, len(network.species) + 1)]
    for i, sid in enumerate(species):
        writer.add_species(
            sid,
            float(network.initial_amounts[i]),
            name=network.species[i],
            fixed=bool(network.fixed[i]),
        )
    rates: dict[tuple[str, int], str] = {}
    structure = network.structure
    for r, reactants in enumerate(structure.reactants):
        expression, order = network.rate_expressions[r], len(reactants)
        if (expression, order) not in rates:
            rates[expression, order] = sid = writer.unique_id(expression)
            value = float(network.rate_constants[r])
            parameter = writer.add_parameter(sid, value, (1 - order, -1), name=expression)
            parameter.setSBOTerm(SBO_RATE_CONSTANT)
        writer.add_reaction(
            writer.unique_id(f"r{r + 1}"),
            [species[i] for i in reactants],
            [species[i] for i in products_of(reactants, structure.changes[r])],
            writer.symbol(rates[expression, order]),
        )
    for group in network.groups:
        sid = writer.unique_id(group.name)
        if not group.species:
            writer.add_parameter(sid, 0.0, (1, 0), name=group.name)
            continue
        writer.add_parameter(sid, None, (1, 0), name=group.name)
        weights = zip(group.species, group.weights, strict=True)
        writer.set_always(sid, writer.weighted_sum([(species[i], w) for i, w in weights]))
    return writer.text()
