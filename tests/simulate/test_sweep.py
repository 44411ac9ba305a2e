"""Laws of sweeps: a grid is its single runs, rows do not touch, order does not matter."""

from __future__ import annotations

import signal
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mtorsim as mt
from mtorsim.simulate import simulation
from mtorsim.simulate.ensemble import Ensemble
from mtorsim.simulate.run import run_ensemble
from tests.simulate.toy_model import toy

AT = ["10 min", "2 h"]
GLUE, BLOCK = np.array([0.0, 1.0, 30.0]), np.array([0.0, 50.0])


def test_a_grid_equals_its_single_runs() -> None:
    grid = toy().sweep({"glueone": GLUE, "blocker": BLOCK}, at=AT)
    for i, glue in enumerate(GLUE):
        for j, block in enumerate(BLOCK):
            single = toy().simulate(at=AT, drugs={"glueone": glue, "blocker": block})
            for readout in grid.readouts:
                assert grid[readout][i, j] == pytest.approx(single[readout], rel=1e-12)


def test_zip_equals_the_rows_of_a_grid() -> None:
    grid = toy().sweep({"glueone": GLUE, "k_s6k": [1e-3, 2e-3, 3e-3]}, at=AT)
    rows = toy().sweep({"glueone": GLUE, "k_s6k": [1e-3, 2e-3, 3e-3]}, at=AT, mode="zip")
    assert rows.dims == ("trajectory",)
    for readout in grid.readouts:
        assert np.array_equal(rows[readout], grid[readout][[0, 1, 2], [0, 1, 2]])


@given(order=st.permutations(["glueone", "k_s6k", "TOR", "Insulin"]))
@settings(max_examples=8)
def test_the_order_of_axes_changes_no_bit(order: list[str]) -> None:
    axes = {
        "glueone": [0.0, 5.0],
        "k_s6k": [1e-3, 3e-3],
        "TOR": [3.0, 8.0],
        "Insulin": [1.0, 100.0],
    }
    first = toy().sweep(axes, at=AT)
    other = toy().sweep({name: axes[name] for name in order}, at=AT)
    assert other.dims == tuple(order)
    for readout in first.readouts:
        swapped = other.ds[readout].transpose(*first.ds[readout].dims)
        assert np.array_equal(swapped.values, first[readout])


def test_the_size_of_blocks_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    axes = {"glueone": GLUE, "k_s6k": [3e-3, 1e-3, 2e-3]}
    whole = toy().sweep(axes, at=AT)

    def in_small_blocks(problem: object, ensemble: Ensemble, **given: object) -> object:
        given["block"] = 2
        return run_ensemble(problem, ensemble, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(simulation, "run_ensemble", in_small_blocks)
    parts = toy().sweep(axes, at=AT)
    assert np.array_equal(parts.values, whole.values)
    assert parts.timing.n_baselines == whole.timing.n_baselines == 3


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0, 1e300])
def test_a_bad_row_leaves_the_others_bit_for_bit(bad: float) -> None:
    good = toy().sweep({"k_s6k": [1e-3, 2e-3], "glueone": GLUE}, at=AT)
    mixed = toy().sweep({"k_s6k": [1e-3, bad, 2e-3], "glueone": GLUE}, at=AT)
    assert np.array_equal(mixed.values[[0, 2]], good.values)
    assert np.isnan(mixed.values[1]).all()
    assert (mixed.status[1] != mt.Status.OK).all()
    assert (mixed.status[[0, 2]] == mt.Status.OK).all()
    failures = mixed.failures()
    assert len(failures) == len(GLUE)
    assert failures[0].trajectory == len(GLUE)
    assert failures[0].before_drug
    assert "before the drug" in str(failures[0])
    assert "k_s6k = " in str(failures[0])
    with pytest.raises(mt.SolverError, match="trajectory 3"):
        mixed.raise_for_status()


def test_a_dose_of_zero_stays_at_rest() -> None:
    result = toy().sweep({"glueone": [0.0]}, at=["1 min", "30 d"])
    rest = toy().steady_state()
    for readout in ("pS6K", "TOR_bound", "serine"):
        assert result[readout][0] == pytest.approx(rest[readout], rel=1e-9)


def test_without_pre_equilibration_runs_start_from_the_initial_amounts() -> None:
    result = toy().sweep({"TOR": [1.0, 9.0]}, at=[0, "1 h"], readouts="TOR", pre_equilibrate=False)
    assert result["TOR"][:, 0].tolist() == [1.0, 9.0]


def test_inputs_and_drugs_step_at_time_0_and_parameters_act_before() -> None:
    stepped = toy().sweep({"Insulin": [0.0, 1.0]}, at=[0, "2 h"], readouts="pS6K")
    before = toy().sweep({"insulin_dose": [0.0, 1.0]}, at=[0, "2 h"], readouts="pS6K")
    assert stepped["pS6K"][0, 0] == stepped["pS6K"][1, 0] > 0
    assert before["pS6K"][0, 0] < before["pS6K"][1, 0]
    assert stepped.timing.n_baselines == 1
    assert before.timing.n_baselines == 2


def test_contexts_are_an_axis_of_their_own() -> None:
    result = toy().sweep({"glueone": GLUE}, at=AT, contexts=["wild-type", "TOR-high", "starved"])
    assert result.dims == ("context", "glueone")
    for i, context in enumerate(["wild-type", "TOR-high", "starved"]):
        alone = toy().with_context(context).sweep({"glueone": GLUE}, at=AT)
        assert np.array_equal(result.values[i], alone.values)


def test_contexts_act_together_where_they_are_joined() -> None:
    joined = toy().sweep({"glueone": GLUE}, at=AT, contexts=[("TOR-high", "starved")])
    alone = toy().with_context("TOR-high", "starved").sweep({"glueone": GLUE}, at=AT)
    assert np.array_equal(joined.values[0], alone.values)


def test_names_that_vary_together_equal_rows_of_the_model() -> None:
    draws = {"k_s6k": [1e-3, 4e-3], "TOR": [2.0, 7.0]}
    result = toy().sweep({"draw": draws, "glueone": GLUE}, at=AT)
    model = toy().with_parameters(k_s6k=4e-3).with_amounts(TOR=7.0)
    alone = model.sweep({"glueone": GLUE}, at=AT)
    assert np.array_equal(result.values[1], alone.values)
    assert result.ds["k_s6k"].dims == ("draw",)


def test_held_drugs_act_in_every_run() -> None:
    held = toy().sweep({"glueone": GLUE}, at=AT, drugs={"blocker": "50 nM"})
    grid = toy().sweep({"glueone": GLUE, "blocker": BLOCK}, at=AT)
    assert np.array_equal(held.values, grid.values[:, 1])


def test_totals_are_conserved_and_costs_are_counted() -> None:
    result = toy().sweep({"glueone": GLUE}, at=AT, rtol=1e-8)
    assert result.conservation_drift.max() < 1e-10
    assert (result.counters.steps > 0).all()
    assert result.counters.steps.shape == result.shape
    assert result.timing.us_per_trajectory > 0


def test_progress_counts_up_to_the_number_of_trajectories() -> None:
    told: list[int] = []
    toy().sweep({"k_s6k": [np.nan, 1e-3], "glueone": GLUE}, at=AT, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 6


def test_the_engine_agrees_with_scipy() -> None:
    axes = {"glueone": [0.5, 20.0], "blocker": BLOCK}
    dosing = [mt.washout("glueone", at="30 min"), mt.input_step("Insulin", "5 nM", at="1 h")]
    engine = toy().sweep(axes, at=AT, dosing=dosing, rtol=1e-8, atol=1e-10)
    reference = toy().sweep(axes, at=AT, dosing=dosing, rtol=1e-9, atol=1e-11, method="scipy-Radau")
    assert engine.values == pytest.approx(reference.values, rel=1e-6, nan_ok=True)


def test_ctrl_c_keeps_what_is_finished() -> None:
    told: list[int] = []

    def stop_after_two(finished: int) -> None:
        told.append(finished)
        if finished == 2:
            raise KeyboardInterrupt

    with pytest.warns(mt.InterruptedWarning, match=r"interrupted: 2 of 6 .* finished and kept"):
        result = toy().sweep(
            {"glueone": np.geomspace(1, 9, 6)}, at=AT, method="scipy-LSODA", progress=stop_after_two
        )
    assert told == [1, 2]
    assert result.interrupted
    assert not result.ok
    ended = [mt.Status.OK] * 2 + [mt.Status.INTERRUPTED] * 4
    assert result.status.tolist() == ended
    assert np.isfinite(result["pS6K"][:2]).all()
    assert np.isnan(result["pS6K"][2:]).all()
    assert "interrupted before it was finished" in str(result.failures()[0])


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"readouts": "pS6"}, mt.UnknownNameError, "did you mean 'pS6K'"),
        ({"readouts": []}, mt.InputError, "no readout"),
        ({"readouts": ["pS6K", "pS6K"]}, mt.InputError, "twice"),
        ({"at": 0}, mt.InputError, "time is 0"),
        ({"at": "2 hours"}, mt.UnitsError, "did you mean 'h'"),
        ({"drugs": {"glueone": 1}}, mt.InputError, "varied along an axis"),
        ({"drugs": {"gluetree": 1}}, mt.UnknownNameError, "did you mean"),
        ({"drugs": {"blocker": -1}}, mt.InputError, "dose of blocker is -1"),
        ({"inputs": {"TOR": 1}}, mt.InputError, "TOR is not an input"),
        ({"inputs": {"insulin": 1}}, mt.UnknownNameError, "did you mean 'Insulin'"),
        ({"contexts": ["wildtype"]}, mt.UnknownNameError, "did you mean 'wild-type'"),
        ({"dosing": mt.Dosing("gluethree")}, mt.UnknownNameError, "did you mean"),
        ({"dosing": mt.Dosing("blocker")}, mt.InputError, "names no amount"),
        ({"dosing": mt.Dosing("glueone", 3)}, mt.InputError, "another beside it"),
        ({"rtol": 0.0}, mt.InputError, "rtol"),
        ({"mode": "all"}, mt.InputError, "mode"),
    ],
)
def test_slips_are_refused_before_anything_runs(
    given: dict[str, object], error: type[Exception], message: str
) -> None:
    arguments: dict[str, object] = {"at": "1 h", **given}
    with pytest.raises(error, match=message):
        toy().sweep({"glueone": [1.0]}, **arguments)  # type: ignore[arg-type]


def test_ctrl_c_in_the_engine_keeps_what_is_finished() -> None:
    def stop(_: int) -> None:
        signal.raise_signal(signal.SIGINT)

    doses = np.geomspace(1e-3, 1e3, 30_000)
    with pytest.warns(mt.InterruptedWarning):
        result = toy().sweep({"glueone": doses}, at="2 h", readouts="pS6K", progress=stop)
    done = result.status == mt.Status.OK
    assert 0 < done.sum() < len(doses)
    assert (result.status[~done] == mt.Status.INTERRUPTED).all()
    assert np.isfinite(result["pS6K"][done]).all()
    assert np.isnan(result["pS6K"][~done]).all()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.compiled
def test_memory_is_that_of_the_result_and_one_block() -> None:
    n = 200_000
    toy().sweep({"glueone": [1.0]}, at="1 h", readouts="pS6K")
    tracemalloc.start()
    toy().sweep({"glueone": np.geomspace(1e-3, 1e3, n)}, at="1 h", readouts="pS6K")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    rows = n * 8 * (len(toy().network.dynamic_species) + len(toy().network.reactions))
    assert peak < rows / 2
