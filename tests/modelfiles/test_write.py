from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mtorsim.errors import ModelError
from mtorsim.modelfiles.compose import compose
from mtorsim.modelfiles.write import write_network
from mtorsim.network.consistency import find_problems
from mtorsim.network.dose import Dose
from mtorsim.network.monomial import Monomial
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.observable import Observable
from mtorsim.network.quantity import Parameter, parse_unit, unit_text
from mtorsim.network.reaction import Reaction
from mtorsim.network.source import Source
from mtorsim.network.species import Species, composition, matches
from tests.modelfiles.toy import DRUGS, TOY
from tests.simulate.toy_kinetics import toy_in_bodies
from tests.strategies import mass_action_networks

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
# Units of each dimension that a parameter of the random networks may have.
UNITS = {
    (1, 0): ("nM", "uM", "M"),
    (0, -1): ("1/s", "1/min", "1/d"),
    (-1, -1): ("1/(nM*s)", "1/(uM*h)"),
    (1, -1): ("nM/s", "pM/min"),
    (0, 0): ("1",),
}


def read_back(text: str) -> ReactionNetwork:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "written.toml"
        path.write_text(text, encoding="utf-8")
        return compose(path)


@st.composite
def parameters(draw: st.DrawFn, *, name: str, powers: tuple[int, int]) -> Parameter:
    unit = draw(st.sampled_from(UNITS.get(powers, (unit_text(powers),))))
    factor = parse_unit(unit).factor
    value, low = draw(st.floats(0, 1e6)), draw(st.floats(0, 1e3))
    limits = draw(st.none() | st.just((low, low * 2)))
    return Parameter(
        id=name,
        value=value * factor,
        unit=unit,
        value_as_written=value,
        spread=draw(st.floats(1, 10)),
        source=draw(st.sampled_from(["assumed", "fitted", "written1999"])),
        meaning=draw(TEXTS),
        why=draw(TEXTS.filter(bool)),
        fitted_to=draw(TEXTS.filter(bool)),
        range=limits and (limits[0] * factor, limits[1] * factor),
        range_as_written=limits,
        range_source=draw(st.sampled_from(["", "written1999"])),
        confidence=draw(st.sampled_from(["", "read", "recalled"])),
    )


def is_balanced(reactants: tuple[str, ...], products: tuple[str, ...]) -> bool:
    def count(side: tuple[str, ...]) -> dict[str, int]:
        total: dict[str, int] = {}
        for species in side:
            for name, n in composition(species).items():
                total[name] = total.get(name, 0) + n
        return total

    return count(reactants) == count(products)


@st.composite
def networks(draw: st.DrawFn) -> ReactionNetwork:
    """Networks with everything that a model may have, consistent as a read one must be."""
    random = draw(mass_action_networks())
    used = {name for row in random.table for side in row for name in side}
    names = [name for name in random.species if name in used]
    assume(names)
    fixed = draw(st.sets(st.sampled_from(names), max_size=1))
    constants: list[Parameter] = []
    reactions = []
    for i, (reactants, products) in enumerate(random.table):
        assume(sorted(reactants) != sorted(products))
        powers = (1 - len(reactants), -1)
        constants += [
            draw(parameters(name=f"k_{i}", powers=powers)),
            draw(parameters(name=f"factor_{i}", powers=(0, 0))),
        ]
        power = draw(st.sampled_from([-2, -1, 1, 2]))
        factors = ((f"k_{i}", 1), (f"factor_{i}", power))
        rate = Monomial(draw(st.sampled_from([1.0, 0.5, 1e-7])), factors)
        is_open = not is_balanced(reactants, products)
        reactions.append(Reaction(f"r{i}", "part", reactants, products, rate, is_open))
    species = []
    for i, name in enumerate(names):
        constants.append(draw(parameters(name=f"total_{i}", powers=(1, 0))))
        initial = Monomial(draw(st.sampled_from([1.0, 2.5])), ((f"total_{i}", 1),))
        identifiers = draw(st.dictionaries(st.sampled_from(["uniprot", "a b"]), TEXTS))
        species.append(Species(name, name in fixed, initial, draw(TEXTS), identifiers))
    dynamic = [name for name in names if name not in fixed]
    observables = []
    if dynamic:
        chosen = draw(st.lists(st.sampled_from(dynamic), min_size=1, unique=True))
        weights = tuple((name, draw(st.sampled_from([1.0, 2.0, 0.25]))) for name in chosen)
        of = next(iter(composition(dynamic[0])))
        total = tuple((name, float(matches(of, name))) for name in dynamic if matches(of, name))
        observables = [
            Observable("amount", weights, title=draw(TEXTS)),
            Observable("part_of_total", weights, of, total, unit="1"),
        ]
    doses = {}
    if draw(st.booleans()):
        doses["drug"] = Dose(names[0], Monomial(3.0, (("factor_0", 1),)), names[0] in fixed)
    cited = {p.source for p in constants} | {p.range_source for p in constants}
    network = ReactionNetwork(
        id="random",
        title=draw(TEXTS),
        species=tuple(species),
        reactions=tuple(reactions),
        parameters=tuple(constants),
        observables=tuple(observables),
        doses=doses,
        sources={"written1999": Source("written1999", "1999", note=draw(TEXTS))}
        if "written1999" in cited
        else {},
    )
    assert find_problems(network) == []
    return network


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(networks())
def test_what_is_written_reads_back_to_the_same_network(network: ReactionNetwork) -> None:
    text = write_network(network)
    again = read_back(text)
    assert again == network
    assert write_network(again) == text


@pytest.mark.parametrize("drugs", [(), DRUGS])
def test_a_composed_model_reads_back_to_itself(drugs: tuple[str, ...]) -> None:
    network = compose(TOY, drugs=drugs)
    assert read_back(write_network(network)) == network


def test_a_clamped_network_reads_back_to_itself() -> None:
    network = compose(TOY).clamped("s6k_irs1")
    assert read_back(write_network(network)) == network


def test_the_core_model_with_two_drugs_reads_back_to_itself() -> None:
    network = compose("mtor-core", drugs=["everolimus", "vistusertib"])
    again = read_back(write_network(network))
    assert again == network
    assert again.structure().fingerprint() == network.structure().fingerprint()


def test_awkward_texts_are_escaped() -> None:
    network = compose(TOY)
    awkward = 'a "quoted" \\ back\nslash\t\x7f\x00 µ →'
    renamed = ReactionNetwork(**{**vars_of(network), "title": awkward})
    assert read_back(write_network(renamed)).title == awkward


def vars_of(network: ReactionNetwork) -> dict[str, object]:
    return {name: getattr(network, name) for name in ReactionNetwork.__dataclass_fields__}


def test_drugs_in_bodies_are_written_and_read_back() -> None:
    """But for the parameters of the medium, which nothing reads any more, and the folder."""
    network = toy_in_bodies().network
    back = read_back(write_network(network))
    assert back.doses == network.doses
    assert back.species == network.species
    assert back.reactions == network.reactions
    left_out = {entry.id for entry in network.parameters} - {entry.id for entry in back.parameters}
    assert left_out == {"volume_ratio"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('unit = "mg"', 'unit = "mL"', 'unit is "mL"'),
        ('infusion_time = "1800.0 s"', "", "infusion and infusion_time go together"),
        ("1800.0 s", "1800.0 nM", "a time is wanted"),
        ('infusion = "glueone_infusion"', 'infusion = "glueone_drip"', "unknown dose species"),
    ],
)
def test_a_wrong_dose_is_told(old: str, new: str, message: str) -> None:
    text = write_network(toy_in_bodies().network)
    assert old in text
    with pytest.raises(ModelError, match=message):
        read_back(text.replace(old, new))
