"""A model of another tool has the face of a native one, in its own units."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.simulate.imported_engine import ImportedEngine
from tests.interop.sbml_documents import Document


def model(document: Document) -> mt.ImportedModel:
    return mt.ImportedModel(ImportedEngine(read_sbml_text(document.text(), origin="m.xml")))


@pytest.fixture(scope="module")
def turnover() -> mt.ImportedModel:
    """A compartment of size 2 in which B is made of A, saturably, and lost."""
    document = Document().compartment(size=2.0).parameter("made", 3.0, constant=True)
    document.parameter("km", 2.0, constant=True).parameter("lost", 0.5, constant=True)
    document.parameter("both").always("both", "A + B")
    document.species("A", concentration=4.0).species("B", concentration=0.0)
    document.reaction("R1", ["A"], ["B"], "c * made * A / (km + A)")
    document.reaction("R2", ["B"], ["A"], "c * lost * B")
    return model(document)


@pytest.fixture(scope="module")
def decay() -> mt.ImportedModel:
    """Mass action: X of 8 decays at the rate k."""
    document = Document().compartment().parameter("k", 0.5, constant=True)
    return model(document.species("X", amount=8.0, in_amount=True).reaction("R", ["X"], [], "k*X"))


class TestFace:
    def test_catalogues_hold_present_values(self, turnover: mt.ImportedModel) -> None:
        changed = turnover.with_parameters(made=5.0).with_amounts(A=1.5)
        assert changed.parameters["made"].value == 5.0
        assert changed.species["A"].value == 1.5
        assert changed.parameters["both"].value == 1.5
        assert turnover.parameters["made"].value == 3.0
        assert changed.compartments["c"].value == 2.0
        assert list(turnover.observables) == ["A", "B", "both"]
        assert turnover.reactions["R1"].law is not None
        assert "c * made * A / (km + A)" in repr(turnover.reactions)
        with pytest.raises(mt.UnknownNameError, match="did you mean 'made'"):
            turnover.parameters["mad"]

    def test_equal_models_share_a_fingerprint_and_values_change_it(
        self, turnover: mt.ImportedModel
    ) -> None:
        assert turnover.with_values().fingerprint() == turnover.fingerprint()
        assert turnover.with_values(km=2.5).fingerprint() != turnover.fingerprint()

    def test_it_prints_what_it_is(self, turnover: mt.ImportedModel) -> None:
        assert repr(turnover) == "<ImportedModel m: 2 species, 2 reactions, 1 rule>"

    @pytest.mark.parametrize(
        ("name", "expected"),
        [("both", "a rule sets it"), ("R1", "follows from the state"), ("q", "unknown")],
    )
    def test_what_follows_from_something_else_can_not_be_set(
        self, turnover: mt.ImportedModel, name: str, expected: str
    ) -> None:
        with pytest.raises(mt.MtorsimError, match=expected):
            turnover.with_values({name: 1.0})
        with pytest.raises(mt.MtorsimError, match=expected):
            turnover.sweep({name: [1.0]}, at=1.0)

    def test_drugs_contexts_loops_and_dosing_are_refused(self, decay: mt.ImportedModel) -> None:
        for call in (
            lambda: decay.with_drugs("everolimus"),
            lambda: decay.with_context("PTEN-lost"),
            lambda: decay.with_genotype("PTEN-lost"),
            lambda: decay.without("loop"),
            lambda: decay.clamped("loop"),
            lambda: decay.simulate(1.0, drugs={"everolimus": 1.0}),
            lambda: decay.simulate(1.0, dosing=mt.Dosing("everolimus", "20 nM")),
            lambda: decay.sweep({"k": [1.0]}, at=1.0, contexts=["a"]),
        ):
            with pytest.raises(mt.InputError, match="an imported model has no"):
                call()

    def test_parameter_sets_are_refused(self, decay: mt.ImportedModel) -> None:
        with pytest.raises(mt.InputError, match="comes without parameter sets"):
            decay.sweep({"k": [1.0]}, at=1.0, uncertainty=True)

    def test_a_start_at_rest_is_asked_for_by_hand(self, turnover: mt.ImportedModel) -> None:
        with pytest.raises(mt.InputError, match="starts at rest"):
            turnover.simulate(1.0, pre_equilibrate=True)
        rested = turnover.with_amounts(turnover.steady_state().final_amounts)
        result = rested.sweep({"made": [3.0, 6.0]}, at=1.0, readouts="B", pre_equilibrate=False)
        assert result["B"][0, 0] == pytest.approx(rested.species["B"].value, rel=1e-5)
        assert result["B"][1, 0] > 1.05 * result["B"][0, 0]

    def test_species_and_parameters_are_set_by_their_own_methods(
        self, turnover: mt.ImportedModel
    ) -> None:
        with pytest.raises(mt.InputError, match="A is a species: use with_amounts"):
            turnover.with_parameters(A=1.0)
        with pytest.raises(mt.UnknownNameError, match="species"):
            turnover.with_amounts(km=1.0)


class TestSimulate:
    def test_a_run_follows_the_exact_solution(self, decay: mt.ImportedModel) -> None:
        run = decay.simulate(4.0)
        assert run["X"] == pytest.approx(8.0 * np.exp(-0.5 * run.times), rel=1e-8)
        assert run.provenance["engine"] == "single"
        assert run.counters.steps > 0

    @pytest.mark.parametrize("method", ["rodas4", "rodas5p", "dopri5"])
    def test_a_compiled_method_gives_the_same(self, decay: mt.ImportedModel, method: str) -> None:
        run = decay.simulate(4.0, method=method, rtol=1e-7)
        assert run["X"] == pytest.approx(8.0 * np.exp(-0.5 * run.times), rel=1e-5)
        assert run.provenance["method"] == method

    def test_a_run_goes_on_from_where_another_ended(self, turnover: mt.ImportedModel) -> None:
        whole = turnover.simulate(at=[1.0, 3.0], readouts="B")
        half = turnover.simulate(1.0)
        rest = turnover.with_amounts(half.final_amounts).simulate(2.0, readouts="B")
        assert rest["B"][-1] == pytest.approx(whole["B"][-1], rel=1e-8)

    def test_inputs_hold_in_one_run_alone(self, decay: mt.ImportedModel) -> None:
        assert decay.simulate(1.0, inputs={"k": 0.0})["X"][-1] == 8.0
        assert decay.simulate(1.0)["X"][-1] < 8.0

    def test_reactions_and_rules_can_be_read(self, turnover: mt.ImportedModel) -> None:
        run = turnover.simulate(at=2.0, readouts=["both", "R2", "c"])
        assert run["both"][0] == pytest.approx(4.0, rel=1e-12)
        assert run["R2"][0] == pytest.approx(2.0 * 0.5 * run["B"][0], rel=1e-12)
        assert run["c"][0] == 2.0
        assert run.conservation_drift < 1e-12

    def test_tiny_amounts_are_as_exact_as_large_ones(self) -> None:
        document = Document().compartment().parameter("k", 0.5, constant=True)
        document.species("X", amount=8e-15, in_amount=True).reaction("R", ["X"], [], "k*X")
        tiny = model(document)
        run = tiny.simulate(at=10.0)
        assert run["X"][0] == pytest.approx(8e-15 * math.exp(-5.0), rel=1e-8)
        many = tiny.sweep({"k": [0.5, 1.0]}, at=10.0)
        exact = 8e-15 * np.exp(-10.0 * np.array([0.5, 1.0]))
        assert many["X"][:, 0] == pytest.approx(exact, rel=1e-3)

    def test_a_run_that_can_not_go_on_says_where_it_stopped(self) -> None:
        grows = model(Document().parameter("x", 1.0).rate("x", "x^2"))
        with pytest.raises(mt.SolverError, match="the integration stopped at time"):
            grows.simulate(2.0, readouts="x")

    @pytest.mark.parametrize(
        ("times", "expected"),
        [
            ({}, "needs a span"),
            ({"span": 1.0, "at": 2.0}, "needs a span"),
            ({"span": "1 h"}, "no unit in the file"),
            ({"at": [1.0, math.nan]}, "give a number"),
            ({"at": []}, "empty"),
            ({"at": 0.0}, "after 0"),
            ({"at": True}, "give a number"),
        ],
    )
    def test_times_that_mean_nothing_are_refused(
        self, decay: mt.ImportedModel, times: dict[str, object], expected: str
    ) -> None:
        with pytest.raises(mt.MtorsimError, match=expected):
            decay.simulate(**times)  # type: ignore[arg-type]


class TestSweep:
    def test_a_grid_is_what_single_runs_give(self, turnover: mt.ImportedModel) -> None:
        axes = {"made": [1.0, 2.0, 4.0], "A": [1.0, 4.0]}
        result = turnover.sweep(axes, at=[1.0, 5.0], readouts=["B", "both"], rtol=1e-8)
        assert result.values.shape == (3, 2, 2, 2)
        assert result.provenance["engine"] == "lanes"
        for i, made in enumerate(axes["made"]):
            for j, start in enumerate(axes["A"]):
                one = turnover.with_values(made=made, A=start).simulate(at=[1.0, 5.0])
                assert result["B"][i, j] == pytest.approx(one["B"], rel=1e-6)
        assert result.conservation_drift.max() < 1e-12
        assert result.timing.n_trajectories == 6
        assert (result.counters.steps > 0).all()

    def test_values_set_before_hold_in_a_sweep_also_of_compartments(
        self, turnover: mt.ImportedModel
    ) -> None:
        # Amounts start at the concentration times the size, so the size alone changes nothing,
        # but for a reaction that is given per volume of another size.
        base = turnover.with_values(c=5.0, km=1.0)
        result = base.sweep({"made": [1.0, 2.0]}, at=2.0, readouts=["B", "R2"])
        for i, made in enumerate((1.0, 2.0)):
            one = base.with_values(made=made).simulate(at=2.0, readouts=["B", "R2"])
            assert result["R2"][i] == pytest.approx(one["R2"], rel=1e-4)
        assert result["R2"][0] == pytest.approx(5.0 * 0.5 * result["B"][0], rel=1e-9)

    def test_names_can_vary_together(self, decay: mt.ImportedModel) -> None:
        together = decay.sweep({"k": [0.1, 0.2], "X": [1.0, 2.0]}, at=1.0, mode="zip")
        named = decay.sweep({"draw": {"k": [0.1, 0.2], "X": [1.0, 2.0]}}, at=1.0)
        exact = np.array([1.0, 2.0]) * np.exp([-0.1, -0.2])
        assert together["X"][:, 0] == pytest.approx(exact, rel=1e-5)
        np.testing.assert_array_equal(together.values, named.values)
        assert (together.dims, named.dims) == (("trajectory",), ("draw",))

    def test_what_fails_is_named_and_leaves_the_others(self) -> None:
        grows = model(Document().parameter("x", 1.0).parameter("p", 2.0).rate("x", "x^p"))
        result = grows.sweep({"p": [1.0, 2.0, math.inf]}, at=[0.5, 2.0], readouts="x")
        assert result.status[0] == mt.Status.OK
        assert result.status[1] != mt.Status.OK
        assert result.status[2] == mt.Status.BAD_INPUT
        assert result["x"][0] == pytest.approx(np.exp([0.5, 2.0]), rel=1e-5)
        assert np.isnan(result["x"][1:, 1]).all()
        assert [failure.point["p"] for failure in result.failures()] == [2.0, math.inf]
        assert "at time 1" in str(result.failures()[0])

    def test_state_events_run_one_after_the_other_with_the_same_result(self) -> None:
        document = Document().compartment().parameter("k", 0.5, constant=True)
        document.species("X", amount=8.0, in_amount=True).reaction("R", ["X"], [], "k*X")
        document.event("E", "X < 4", {"X": "8"})
        saw = model(document)
        seen: list[int] = []
        result = saw.sweep({"k": [0.5, 1.0]}, at=2.0, progress=seen.append)
        assert result.provenance["engine"] == "single"
        # it starts anew each time that half of it is left
        phase = np.mod(2.0 * np.array([0.5, 1.0]), math.log(2))
        assert result["X"][:, 0] == pytest.approx(8.0 * np.exp(-phase), rel=1e-4)
        assert seen == [1, 2]
        with pytest.raises(mt.InputError, match="'rodas4' can not run it"):
            saw.sweep({"k": [0.5]}, at=2.0, method="rodas4")

    def test_results_are_saved_and_opened_in_their_own_units(
        self, decay: mt.ImportedModel, tmp_path: Path
    ) -> None:
        result = decay.sweep({"k": [0.1, 0.2]}, at=[1.0, 90.0])
        again = mt.open_sweep(result.save(tmp_path / "a.nc"))
        assert again.times.tolist() == [1.0, 90.0]
        assert again.clock == result.clock
        assert again.ds["time"].attrs.get("units") is None
        assert list(result.to_frame().columns) == ["k", "time", "X", "status"]
        with pytest.raises(mt.InputError, match="no unit of time"):
            again.hours  # noqa: B018

    def test_ctrl_c_keeps_what_is_finished(self) -> None:
        document = Document().compartment().parameter("k", 0.5, constant=True)
        document.species("X", amount=8.0, in_amount=True).reaction("R", ["X"], [], "k*X")
        document.event("E", "X < 4", {"X": "8"})

        def stop_after_two(done: int) -> None:
            if done == 2:
                raise KeyboardInterrupt

        with pytest.warns(mt.InterruptedWarning, match="2 of 5 trajectories finished"):
            result = model(document).sweep(
                {"k": [0.1, 0.2, 0.3, 0.4, 0.5]}, at=1.0, progress=stop_after_two
            )
        assert result.status.tolist() == [mt.Status.OK] * 2 + [mt.Status.INTERRUPTED] * 3
        assert result["X"][:2, 0] == pytest.approx(8.0 * np.exp([-0.1, -0.2]), rel=1e-4)

    @pytest.mark.parametrize(
        ("axes", "expected"),
        [
            ({}, "at least one axis"),
            ({"k": 1.0}, "needs a list"),
            ({"k": []}, "is empty"),
            ({"k": ["fast"]}, "give a number"),
            ({"k": ["1 1/s"]}, "declares no unit"),
            ({"context": ["a"]}, "has no contexts"),
            ({"both": {"k": [1.0], "X": [1.0, 2.0]}}, "need one length"),
        ],
    )
    def test_axes_that_mean_nothing_are_refused(
        self, decay: mt.ImportedModel, axes: dict[str, object], expected: str
    ) -> None:
        with pytest.raises(mt.MtorsimError, match=expected):
            decay.sweep(axes, at=1.0)


class TestSteadyState:
    def test_rest_is_where_gain_and_loss_are_equal(self, turnover: mt.ImportedModel) -> None:
        rest = turnover.steady_state(readouts=["both", "R1"])
        a, b = rest["A"], rest["B"]
        assert 3.0 * a / (2.0 + a) == pytest.approx(0.5 * b, rel=1e-6)
        assert rest["both"] == pytest.approx(4.0, rel=1e-9)
        # one mode, as A + B stays: d/dB of 3 (4 - B) / (6 - B) - B / 2
        mode = -6.0 / (2.0 + a) ** 2 - 0.5
        assert rest.eigenvalues.real == pytest.approx([mode], rel=1e-5)
        assert rest.stable
        assert rest.slowest_time == pytest.approx(-1.0 / mode, rel=1e-5)

    def test_a_rest_is_a_start(self, turnover: mt.ImportedModel) -> None:
        rest = turnover.steady_state()
        run = turnover.with_amounts(rest.final_amounts).simulate(10.0)
        assert run["B"] == pytest.approx(np.full(201, rest["B"]), rel=1e-6)

    def test_a_reaction_that_is_off_does_not_spoil_stability(self) -> None:
        document = Document().compartment().parameter("k", 0.0, constant=True)
        document.species("X", amount=1.0, in_amount=True).species("Y", amount=1.0, in_amount=True)
        document.reaction("off", ["X"], [], "k * X").reaction("on", ["Y"], [], "Y")
        rest = model(document).steady_state()
        assert rest.eigenvalues.real == pytest.approx([-1.0])

    @pytest.mark.parametrize("law", ["0.01", "sin(time)"])
    def test_what_does_not_settle_says_so(self, law: str) -> None:
        moving = model(Document().parameter("x", 1.0).rate("x", law))
        with pytest.raises(mt.SolverError, match=r"not_settled: it does not settle"):
            moving.steady_state(readouts="x", max_steps=20_000)

    def test_events_without_end_do_not_settle(self) -> None:
        document = Document().parameter("n", 0.0).parameter("last", 0.0)
        document.event("E", "time - last >= 1", {"last": "time", "n": "1 - n"})
        with pytest.raises(mt.SolverError, match="not_settled"):
            model(document).steady_state(readouts="n", max_steps=500)

    def test_methods_without_long_steps_are_refused(self, decay: mt.ImportedModel) -> None:
        with pytest.raises(mt.InputError, match="'dopri5' can not find steady states"):
            decay.steady_state(method="dopri5")
