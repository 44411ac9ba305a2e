from __future__ import annotations

from dataclasses import replace

from mtorsim.network.consistency import find_problems
from mtorsim.network.equation import parse_equation
from mtorsim.network.loop import Loop
from mtorsim.network.monomial import parse_monomial
from mtorsim.network.network import ReactionNetwork
from mtorsim.network.quantity import Parameter
from mtorsim.network.reaction import Reaction
from mtorsim.network.species import Species


def network(
    table: list[tuple[str, str]], *, parameters: dict[str, str], amounts: dict[str, str]
) -> ReactionNetwork:
    """A network from (equation, rate), parameter units, and initial amounts of some species."""
    reactions = []
    for i, (text, rate) in enumerate(table):
        sides = parse_equation(text)
        monomial = parse_monomial(rate)
        origin = f"cell.toml:{i + 1}"
        reactions.append(
            Reaction(f"r{i}", "m", sides.reactants, sides.products, monomial, origin=origin)
        )
    names = dict.fromkeys(n for r in reactions for n in (*r.reactants, *r.products))
    species = [
        Species(name, initial=parse_monomial(amounts[name]) if name in amounts else None)
        for name in names
    ]
    return ReactionNetwork(
        id="cell",
        title="",
        species=tuple(species),
        reactions=tuple(reactions),
        parameters=tuple(
            Parameter(name, 1.0, unit, 1.0, 1.0, "assumed", why="test")
            for name, unit in parameters.items()
        ),
    )


CHAIN = network(
    [("A -> A_p", "k"), ("A_p + B -> A_p:B", "k_on"), ("A_p:B -> A_q + B", "k")],
    parameters={"k": "1/min", "k_on": "1/(uM*h)", "total": "pM"},
    amounts={"A": "total", "B": "2 * total"},
)


def test_a_network_that_fits_together_has_no_problems() -> None:
    assert find_problems(CHAIN) == []


def test_units_are_dimensions_and_not_spellings() -> None:
    spelled = network(
        [("A -> A_p", "k * b / c")],
        parameters={"k": "1/(nM*d)", "b": "mM", "c": "1", "total": "M"},
        amounts={"A": "total"},
    )
    assert find_problems(spelled) == []


def test_a_chain_that_starts_from_nothing_is_named_by_its_first_species() -> None:
    unfed = replace(
        CHAIN, species=tuple(replace(s, initial=None) if s.id == "A" else s for s in CHAIN.species)
    )
    (problem,) = find_problems(unfed)
    assert 'species "A" is never reached' in problem


def test_a_ring_that_starts_from_nothing_is_named_whole() -> None:
    ring = network([("A -> A_p", "k"), ("A_p -> A", "k")], parameters={"k": "1/s"}, amounts={})
    problems = find_problems(ring)
    assert [problem.split('"')[1] for problem in problems] == ["A", "A_p"]


def test_an_initial_amount_of_plain_zero_reaches_nothing() -> None:
    empty = network([("A -> A_p", "k")], parameters={"k": "1/s"}, amounts={"A": "0"})
    assert 'species "A" is never reached' in find_problems(empty)[0]


def test_a_zeroth_order_rate_is_an_amount_per_time() -> None:
    (problem,) = find_problems(
        network([("0 -> A", "k"), ("A -> A_p", "k")], parameters={"k": "1/s"}, amounts={})
    )
    assert problem == (
        "cell.toml:1: reaction \"r0\": rate 'k' has unit 1/s, but nM/s is wanted for 0 reactants"
    )


def test_reactions_of_a_loop_must_exist_and_read_its_signal() -> None:
    def looped(signal: str, reaction: str) -> list[str]:
        loop = Loop(
            "l", "", "negative", (signal,), (reaction,), (reaction,), "x", origin="l.toml:1"
        )
        return find_problems(replace(CHAIN, loops=(loop,)))

    assert looped("A_p", "r1") == []
    assert 'unknown reaction "r9"' in looped("A_p", "r9")[0]
    assert 'unknown species "A_x"' in looped("A_x", "r1")[0]
    assert 'none of its reactions reads the signal "A_p"' in looped("A_p", "r2")[0]


def test_a_clamped_network_is_still_consistent() -> None:
    loop = Loop("l", "", "negative", ("A_p",), ("r1",), ("r1",), "x")
    assert find_problems(replace(CHAIN, loops=(loop,)).clamped("l")) == []
