from __future__ import annotations

import re

import matplotlib.mathtext
import numpy as np
import pytest
from hypothesis import given, settings

from mtorsim.network.monomial import Monomial, parse_monomial
from mtorsim.symbolic.equations import parameter_latex, species_latex
from mtorsim.symbolic.system import OdeSystem
from tests.oracle import oracle_rhs, read_table
from tests.strategies import RandomNetwork, mass_action_networks, structure_of_table
from tests.symbolic.networks import dimer, enzyme

PARSER = matplotlib.mathtext.MathTextParser("path")


def assert_is_mathematics(latex: str) -> None:
    """Matplotlib sets each row of an align environment as its own formula."""
    for block in re.findall(r"\\begin\{align\*\}\n(.*?)\n\\end\{align\*\}", latex, re.DOTALL):
        for row in re.sub(r" % .*", "", block).split("\\\\\n"):
            formula = row.replace("&", "").replace("\\\\", "").replace("\n", " ").strip()
            PARSER.parse(f"${formula}$")


def slopes_read_from_text(
    text: str, *, amounts: dict[str, float], rates: dict[str, float]
) -> list[float]:
    """Evaluate printed equations term by term, as a reader with a calculator would."""
    lines = re.sub(r"\n {6}", " ", text).splitlines()
    flux_of, slopes = {}, []
    for line in lines:
        name, _, right = line.strip().partition(" = ")
        if name.startswith("v_"):
            flux_of[name] = float(
                np.prod([_factor(part, amounts, rates) for part in right.split(" * ")])
            )
        elif name.startswith("d["):
            terms = re.findall(r"(?:([+-]) )?(?:(\d+) )?(v_\w+)", right)
            slopes.append(
                sum((-1 if sign == "-" else 1) * int(n or 1) * flux_of[v] for sign, n, v in terms)
            )
    return slopes


def _factor(text: str, amounts: dict[str, float], rates: dict[str, float]) -> float:
    base, _, power = text.partition("^")
    value = amounts[base[1:-1]] if base.startswith("[") else rates[base]
    return value ** int(power or 1)


def test_text_of_the_dimer_is_what_a_person_would_write() -> None:
    assert dimer().equations_text() == (
        "Fluxes (nM/s)\n"
        "  v_syn = k_syn\n"
        "  v_deg = k_deg * [A]\n"
        "  v_on = k_on * [A]^2\n"
        "  v_off = k_off * [A:A]\n"
        "\n"
        "Equations (nM/s)\n"
        "  d[A]/dt = v_syn - v_deg - 2 v_on + 2 v_off\n"
        "  d[A:A]/dt = v_on - v_off\n"
    )


def test_latex_of_the_enzyme_is_what_a_paper_would_print() -> None:
    complex_latex = r"[\mathrm{E}{:}\mathrm{S}]"
    latex = enzyme().equations_latex()
    assert latex.splitlines()[:5] == [
        r"\begin{align*}",
        r"v_{1} &= k_{\mathrm{on}}\,[\mathrm{E}]\,[\mathrm{S}] \\ % on",
        rf"v_{{2}} &= k_{{\mathrm{{off}}}}\,{complex_latex} \\ % off",
        rf"v_{{3}} &= k_{{\mathrm{{cat}}}}\,{complex_latex} % cat",
        r"\end{align*}",
    ]
    balance = r"\frac{\mathrm{d}[\mathrm{E}]}{\mathrm{d}t} &= - v_{1} + v_{2} + v_{3} \\ % E"
    assert balance in latex.splitlines()


@pytest.mark.parametrize(
    ("species", "latex"),
    [
        ("AKT", r"[\mathrm{AKT}]"),
        ("AKT_pT308:PIP3", r"[\mathrm{AKT}_{\mathrm{pT308}}{:}\mathrm{PIP3}]"),
        ("AKT_pT308_pS473", r"[\mathrm{AKT}_{\mathrm{pT308,pS473}}]"),
        ("mRNA_PTEN", r"[\mathrm{mRNA\_PTEN}]"),
    ],
)
def test_states_become_subscripts_and_bonds_colons(species: str, latex: str) -> None:
    assert species_latex(species) == latex
    PARSER.parse(f"${latex}$")


@pytest.mark.parametrize(
    ("parameter", "latex"),
    [
        ("k", "k"),
        ("k_on_ph", r"k_{\mathrm{on\_ph}}"),
        ("Kd_akt", r"\mathrm{Kd}_{\mathrm{akt}}"),
        ("IRS1_full", r"\mathrm{IRS1}_{\mathrm{full}}"),
    ],
)
def test_the_rest_of_a_parameter_id_is_its_subscript(parameter: str, latex: str) -> None:
    assert parameter_latex(parameter) == latex
    PARSER.parse(f"${latex}$")


def system_with_law(law: Monomial, *, inputs: tuple[str, ...] = ()) -> OdeSystem:
    structure = structure_of_table(read_table("A -> A_p"), ["A", "A_p"])
    return OdeSystem.from_structure(
        structure, species=["A", "A_p"], reactions=["on"], rate_laws=[law], inputs=[inputs]
    )


@pytest.mark.parametrize(
    ("law", "text", "latex"),
    [
        ("k_on * Kd_a", "k_on * Kd_a", r"k_{\mathrm{on}}\,\mathrm{Kd}_{\mathrm{a}}"),
        ("2 * k_on", "2 * k_on", r"2\,k_{\mathrm{on}}"),
        ("1e-7 * k_on", "1e-07 * k_on", r"1 \times 10^{-7}\,k_{\mathrm{on}}"),
        ("k_on / V", "k_on / V", r"\frac{k_{\mathrm{on}}}{V}"),
        ("1 / (V * tau^2)", "1 / (V * tau^2)", r"\frac{1}{V\,\mathrm{tau}^{2}}"),
    ],
)
def test_rate_laws_are_shown_by_their_parameters(law: str, text: str, latex: str) -> None:
    system = system_with_law(parse_monomial(law))
    assert f"v_on = {text} * [A]\n" in system.equations_text()
    assert f"v_{{1}} &= {latex}\\,[\\mathrm{{A}}] % on\n" in system.equations_latex()


def test_inputs_multiply_the_rate_they_drive() -> None:
    system = system_with_law(parse_monomial("k_on"), inputs=("Insulin",))
    assert "v_on = k_on * [Insulin] * [A]\n" in system.equations_text()
    assert r"\,[\mathrm{Insulin}]\,[\mathrm{A}]" in system.equations_latex()


def test_a_species_that_nothing_changes_has_slope_zero() -> None:
    system = OdeSystem.from_structure(structure_of_table([], ["A"]), species=["A"])
    assert "d[A]/dt = 0\n" in system.equations_text()
    assert "&= 0 % A\n" in system.equations_latex()


def test_long_sums_are_wrapped_between_terms() -> None:
    species = ["A", *(f"B{i}" for i in range(30))]
    table = read_table("\n".join(f"A -> B{i}" for i in range(30)))
    system = OdeSystem.from_structure(structure_of_table(table, species), species=species)
    text, latex = system.equations_text(), system.equations_latex()
    assert max(map(len, text.splitlines())) <= 100
    assert not any(line.endswith((" -", " +")) for line in text.splitlines())
    assert latex.count(r"&\quad - v_") == 4
    assert "\N{NO-BREAK SPACE}" not in text + latex


@settings(max_examples=50)
@given(mass_action_networks())
def test_the_printed_equations_evaluate_to_the_right_hand_side(network: RandomNetwork) -> None:
    system = OdeSystem.from_structure(network.structure, species=network.species)
    rates = dict(zip((symbol.name for symbol in system.k), network.k, strict=True))
    amounts = dict(zip(network.species, network.y0, strict=True))
    slopes = slopes_read_from_text(system.equations_text(), amounts=amounts, rates=rates)
    expected = oracle_rhs(network.table, network.species, y=network.y0, k=network.k)
    gross = sum(
        3 * rate * np.prod([amounts[name] for name in reactants])
        for (reactants, _), rate in zip(network.table, network.k, strict=True)
    )
    assert np.allclose(slopes, expected, rtol=0, atol=64 * np.finfo(float).eps * float(gross))


@settings(max_examples=20)
@given(mass_action_networks())
def test_the_latex_of_any_network_can_be_set(network: RandomNetwork) -> None:
    system = OdeSystem.from_structure(network.structure, species=network.species)
    assert_is_mathematics(system.equations_latex())
