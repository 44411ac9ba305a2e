"""Steady states and their stability."""

import numpy as np
import pytest

import mtorsim as mt
from tests.modelfiles.toy import TOY
from tests.simulate.toy_model import toy


def test_a_steady_state_equals_the_limit_of_a_long_run() -> None:
    rest = toy().steady_state(drugs={"blocker": "50 nM"}, inputs={"Insulin": "3 nM"})
    run = toy().simulate(
        at="200 d",
        drugs={"blocker": "50 nM"},
        inputs={"Insulin": "3 nM"},
        method="scipy-Radau",
        rtol=1e-9,
        atol=1e-11,
    )
    assert rest.amounts == pytest.approx(run.amounts[-1], rel=1e-7, abs=1e-12)
    assert rest.residual < 1e-12


def test_scipy_finds_the_same_steady_state() -> None:
    ours = toy().steady_state(drugs={"glueone": 5.0})
    other = toy().steady_state(drugs={"glueone": 5.0}, method="scipy-Radau")
    assert ours.amounts == pytest.approx(other.amounts, rel=1e-8, abs=1e-12)


def test_eigenvalues_leave_conserved_totals_out() -> None:
    rest = toy().steady_state()
    n_conserved = len(toy().conserved_moieties())
    assert len(rest.eigenvalues) == len(rest.species) - n_conserved
    assert rest.stable
    assert rest.slowest_time == pytest.approx(-1.0 / rest.eigenvalues.real.max())


def test_the_slowest_mode_governs_the_way_back() -> None:
    model = mt.load(TOY).without("s6k_irs1")
    rest = model.steady_state()
    pushed = dict(zip(rest.species, rest.amounts.tolist(), strict=True))
    # With the loop cut IRS1_pS only decays, slower than anything else in the toy.
    pushed["IRS1_pS"] += 0.01
    run = model.with_amounts(pushed).simulate(
        at=[rest.slowest_time, 2 * rest.slowest_time],
        pre_equilibrate=False,
        method="scipy-Radau",
        rtol=1e-10,
        atol=1e-13,
    )
    assert run["IRS1_pS"][0] / run["IRS1_pS"][1] == pytest.approx(np.e, rel=1e-7)


def test_readouts_and_species_are_found_by_name() -> None:
    rest = toy().steady_state(readouts="pS6K")
    assert rest["pS6K"] == pytest.approx(rest["S6K_p"] / 20.0, rel=1e-10)
    assert rest.units == {"pS6K": "1"}
    with pytest.raises(mt.UnknownNameError, match="did you mean 'pS6K'"):
        rest["pS6k1"]


@pytest.mark.compiled
def test_method_and_tolerance_are_those_asked_for() -> None:
    rest = toy().steady_state(readouts="pS6K")
    tight = toy().steady_state(readouts="pS6K", method="rodas5p", rtol=1e-8)
    assert tight["pS6K"] == pytest.approx(rest["pS6K"], rel=1e-9)
    with pytest.raises(mt.InputError, match="'dopri5' can not find steady states"):
        toy().steady_state(method="dopri5")
    with pytest.raises(mt.SolverError, match="not_settled"):
        toy().steady_state(max_steps=2)


def test_growth_without_end_is_named(tmp_path: object) -> None:
    model = mt.load(_growing(tmp_path))
    with pytest.raises(mt.SolverError, match=r"no steady state .* without end"):
        model.steady_state(method="scipy-Radau")


def _growing(folder: object) -> str:
    path = folder / "growing.toml"  # type: ignore[operator]
    path.write_text(
        '[model]\nid = "growing"\ntitle = "Growth"\n[parameters]\n'
        'k = { value = 1, unit = "nM/s", spread = 1, source = "assumed", why = "example" }\n'
        '[[reaction]]\nid = "birth"\nequation = "-> A"\nrate = "k"\nopen = true\n'
    )
    return str(path)
