"""The face of a model: immutable copies, tables, runs, and clear refusals."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.simulate.kernels import kernel_of
from tests.modelfiles.toy import TOY
from tests.simulate.toy_model import toy

GLUE = {"glueone": "20 nM"}


class TestCopies:
    def test_every_change_leaves_the_model_as_it_was(self) -> None:
        model = toy()
        before = model.fingerprint()
        changed = [
            model.with_context("TOR-high"),
            model.with_parameters(k_s6k=1e-2),
            model.with_amounts(TOR="1 nM"),
            model.with_inputs(Insulin="1 nM"),
            model.without("s6k_irs1"),
            model.clamped("s6k_irs1"),
        ]
        assert model.fingerprint() == before
        assert len({before, *(other.fingerprint() for other in changed)}) == 7

    def test_a_model_can_not_be_changed_in_place(self) -> None:
        with pytest.raises(dataclasses.FrozenInstanceError):
            toy().contexts = ("TOR-high",)  # type: ignore[misc]

    def test_the_first_context_is_the_default(self) -> None:
        assert mt.load(TOY).contexts == ("wild-type",)

    def test_contexts_are_replaced_and_genotypes_leave_conditions(self) -> None:
        starved = toy().with_context("wild-type", "starved")
        assert starved.with_genotype("TOR-high").contexts == ("TOR-high", "starved")
        assert starved.with_context("TOR-high").contexts == ("TOR-high",)
        assert toy().with_context().contexts == ()

    def test_contexts_change_parameters(self) -> None:
        assert toy().with_genotype("TOR-high").parameters["TOR_total"].value == 10.0
        assert toy().with_context("starved").parameters["insulin_dose"].value == 0.0

    def test_parameters_are_set_over_the_context(self) -> None:
        model = toy().with_parameters(TOR_total="1 uM").with_genotype("TOR-high")
        assert model.parameters["TOR_total"].value == 1000.0

    def test_drugs_named_in_any_order_share_a_structure(self) -> None:
        one = mt.load(TOY).with_drugs("glueone").with_drugs("blocker")
        other = mt.load(TOY, drugs=["blocker"]).with_drugs("glueone")
        assert (
            one.network.structure()
            == mt.load(TOY).with_drugs("blocker", "glueone").network.structure()
        )
        assert set(one.network.doses) == set(other.network.doses)
        assert one.drugs == ("glueone", "gluetwo", "blocker")


class TestTables:
    def test_parameters_show_value_unit_spread_and_source(self) -> None:
        parameter = toy().parameters["k_irs1_off"]
        assert (parameter.value, parameter.value_as_written) == (0.05, 3.0)
        assert (parameter.unit, parameter.spread, parameter.source) == ("1/min", 2, "fitted")
        assert "k_irs1_off" in repr(toy().parameters)

    def test_changed_parameters_are_shown_in_their_own_unit(self) -> None:
        changed = toy().with_parameters(k_irs1_off="6 1/min").parameters["k_irs1_off"]
        assert changed.value_as_written == pytest.approx(6.0)

    def test_species_reactions_readouts_and_loops_are_listed(self) -> None:
        model = mt.load(TOY)
        assert "Insulin" in model.species
        assert len(model.reactions) == len(model.network.reactions)
        assert list(model.observables) == ["pS6K", "TOR_bound", "serine"]
        assert model.loops["s6k_irs1"].sign == "negative"
        assert model.species.header == ("id", "initial nM", "kind", "title")
        assert ("Insulin", 100.0, "input", "") in model.species.rows()

    def test_a_wrong_id_names_the_nearest(self) -> None:
        with pytest.raises(mt.UnknownNameError, match="did you mean 'k_s6k'"):
            toy().parameters["k_s6"]
        assert toy().parameters.get("k_s6") is None
        assert "k_s6" not in toy().parameters

    def test_tables_are_escaped_in_notebooks(self) -> None:
        table = toy().reactions._repr_html_()
        assert "<td>IRS1_pY -&gt; IRS1</td>" in table

    def test_equations_are_text_or_latex(self) -> None:
        assert "d[S6K]/dt" in toy().equations()
        assert r"\frac{\mathrm{d}" in toy().equations(latex=True)

    def test_conserved_moieties_are_named(self) -> None:
        names = {moiety.name for moiety in mt.load(TOY).conserved_moieties()}
        assert names == {"total IRS1", "total TOR", "total S6K"}

    def test_the_generated_equations_are_a_file(self) -> None:
        path = toy().kernel().write_equations()
        assert "s6k_off" in path.read_text()

    def test_runs_use_the_kernel_that_is_shown(self) -> None:
        options = mt.SolverOptions()
        assert kernel_of(toy().network, options=options) is toy().kernel()

    def test_a_model_says_what_it_is(self) -> None:
        shown = repr(toy().without("s6k_irs1"))
        assert "toy" in shown
        assert "without s6k_irs1" in shown


class TestSimulate:
    def test_a_run_without_drug_stays_at_rest(self) -> None:
        run = toy().simulate("30 d")
        assert run["pS6K"] == pytest.approx(np.full(201, run["pS6K"][0]), rel=1e-9)

    def test_drugs_act_from_time_0(self) -> None:
        run = toy().simulate("2 h", drugs=GLUE)
        assert run.times[[0, -1]].tolist() == [0.0, 7200.0]
        assert run["pS6K"][0] == pytest.approx(toy().steady_state()["pS6K"], rel=1e-9)
        assert run["pS6K"][-1] < 0.5 * run["pS6K"][0]

    def test_readouts_and_species_are_read_by_name(self) -> None:
        run = toy().simulate(at="1 h", drugs=GLUE, readouts="pS6K")
        assert run.readouts == ("pS6K",)
        assert run["pS6K"] == pytest.approx(run["S6K_p"] / 20.0, rel=1e-9)
        assert run.ds["pS6K"].dims == ("time",)
        with pytest.raises(mt.UnknownNameError, match="did you mean 'S6K_p'"):
            run["S6Kp"]

    def test_a_dose_at_a_time_equals_a_restart_at_that_time(self) -> None:
        exact = {"rtol": 1e-9, "atol": 1e-11}
        dosed = toy().simulate(
            at=["1 h", "3 h"], dosing=mt.Dosing("glueone", "20 nM", start="1 h"), **exact
        )
        first = toy().simulate(at="1 h", **exact)
        restarted = toy().with_amounts(first.final_amounts)
        then = restarted.simulate(at="2 h", drugs=GLUE, pre_equilibrate=False, **exact)
        assert dosed.amounts[1] == pytest.approx(then.amounts[0], rel=1e-8, abs=1e-10)

    def test_the_dose_of_a_regimen_may_stand_in_drugs(self) -> None:
        named = toy().simulate("1 d", dosing=mt.Dosing("glueone", "20 nM", every="8 h"))
        apart = toy().simulate("1 d", drugs=GLUE, dosing=mt.Dosing("glueone", every="8 h"))
        assert np.array_equal(named.amounts, apart.amounts)

    def test_a_bolus_adds_its_amount(self) -> None:
        run = toy().simulate(at=["1 h", "3601 s"], dosing=mt.Dosing("glueone", 5, start="1 h"))
        # 5 nM of 100 volumes of medium.
        assert run["glueone_medium"][0] == 0.0
        assert run["glueone_medium"][1] == pytest.approx(500.0, rel=1e-3)

    def test_a_wash_out_empties_the_medium_alone(self) -> None:
        run = toy().simulate(
            at=["1 h", "3601 s"], drugs=GLUE, dosing=mt.washout("glueone", at="1 h")
        )
        assert run["glueone_medium"][0] > 1000
        assert run["glueone_medium"][1] < 50
        assert run["TOR_with_glueone"][1] == pytest.approx(run["TOR_with_glueone"][0], rel=0.05)

    def test_a_held_drug_is_washed_out_too(self) -> None:
        times = ["1 h", "20 d"]
        run = toy().simulate(
            at=times, drugs={"blocker": "1 uM"}, dosing=mt.washout("blocker", at=3700)
        )
        rest = toy().steady_state()
        assert run["TOR:blocker"][0] > 1.0
        assert run["TOR:blocker"][1] == pytest.approx(0.0, abs=1e-6)
        assert run["pS6K"][1] == pytest.approx(rest["pS6K"], rel=1e-5)

    def test_an_input_step_at_0_is_an_input(self) -> None:
        stepped = toy().simulate("1 h", dosing=mt.input_step("Insulin", 3, at=0))
        given = toy().simulate("1 h", inputs={"Insulin": 3})
        assert np.array_equal(stepped.amounts, given.amounts)

    def test_cutting_a_loop_raises_what_it_held_down(self) -> None:
        assert toy().without("s6k_irs1").steady_state()["pS6K"] > toy().steady_state()["pS6K"]

    def test_a_clamped_loop_holds_its_signal_at_the_level_before_the_drug(self) -> None:
        model = toy().clamped("s6k_irs1")
        rest = model.simulate("10 h", method="scipy-LSODA")
        assert rest["serine"] == pytest.approx(np.full(201, rest["serine"][0]), rel=1e-3)
        drugged = model.simulate(at="20 h", drugs=GLUE, method="scipy-LSODA")
        free = toy().simulate(at="20 h", drugs=GLUE, method="scipy-LSODA")
        assert drugged["IRS1_pS"][-1] > 2 * free["IRS1_pS"][-1]
        assert rest["pS6K"][0] == pytest.approx(toy().steady_state()["pS6K"], rel=1e-6)

    def test_a_run_that_fails_says_where(self) -> None:
        with pytest.raises(mt.SolverError, match=r"max_steps at .* h: took all"):
            toy().simulate(
                "9 h", drugs=GLUE, max_steps=2, pre_equilibrate=False, method="scipy-BDF"
            )

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            ({}, mt.InputError, "needs a span"),
            ({"span": "1 h", "at": "2 h"}, mt.InputError, "needs a span"),
            ({"span": 0}, mt.InputError, "span is 0"),
            ({"span": "-1 h"}, mt.InputError, "span is '-1 h'"),
            ({"span": "3 weeks"}, mt.UnitsError, "unknown unit 'weeks'"),
            ({"drugs": {"glueone": float("nan")}}, mt.InputError, "dose of glueone is nan"),
            ({"drugs": {"glueone": "5 h"}}, mt.UnitsError, "dose of glueone"),
            ({"drugs": {"gluefour": 1}}, mt.UnknownNameError, "unknown drug 'gluefour'"),
            ({"readouts": "pS7K"}, mt.UnknownNameError, "did you mean 'pS6K'"),
            ({"inputs": {"Insuline": 1}}, mt.UnknownNameError, "did you mean 'Insulin'"),
            ({"method": "radau"}, mt.UnknownNameError, "did you mean 'scipy-Radau'"),
            ({"rtol": "tight"}, mt.InputError, "rtol is 'tight'"),
            ({"drugs": "glueone"}, mt.InputError, "drugs is 'glueone': map names to values"),
            ({"inputs": ["Insulin"]}, mt.InputError, "inputs is .* map names to values"),
            ({"readouts": 5}, mt.InputError, "readouts is 5"),
            ({"dosing": 5}, mt.InputError, "dosing holds 5"),
        ],
    )
    def test_slips_are_refused(
        self, arguments: dict[str, object], error: type[Exception], message: str
    ) -> None:
        given: dict[str, object] = {"span": "1 h", **arguments} if arguments else {}
        with pytest.raises(error, match=message):
            toy().simulate(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda m: m.with_context("starvd"), mt.UnknownNameError, "did you mean 'starved'"),
        (lambda m: m.with_genotype("starved"), mt.InputError, "starved is a condition"),
        (lambda m: m.without("s6k_irs2"), mt.UnknownNameError, "did you mean 's6k_irs1'"),
        (lambda m: m.clamped("s6k"), mt.UnknownNameError, "unknown loop"),
        (lambda m: m.with_parameters(k_s6=1), mt.UnknownNameError, "did you mean 'k_s6k'"),
        (lambda m: m.with_parameters(k_s6k=-1), mt.InputError, "not negative"),
        (lambda m: m.with_parameters(k_s6k="nan"), mt.InputError, "finite"),
        (lambda m: m.with_parameters(k_s6k="1 1/s"), mt.UnitsError, r"its unit is 1/\(nM\*s\)"),
        (lambda m: m.with_amounts(TORR=1), mt.UnknownNameError, "did you mean 'TOR'"),
        (lambda m: m.with_amounts(Insulin=1), mt.InputError, "use with_inputs"),
        (lambda m: m.with_inputs(TOR=1), mt.InputError, "TOR is not an input"),
        (lambda m: m.with_parameters(5), mt.InputError, "map names to values"),
        (lambda m: m.with_context(["starved"]), mt.InputError, "one by one"),
        (lambda m: m.without(["s6k_irs1"]), mt.InputError, "one by one"),
        (lambda m: m.with_drugs("aspirin"), mt.UnknownNameError, "unknown drug 'aspirin'"),
        (
            lambda m: mt.load("mtor-core").with_drugs("sorafenib"),
            mt.InputError,
            "sorafenib has no target in mtor-core: use mtor",
        ),
        (lambda _: mt.load("mtor-cor"), mt.UnknownNameError, "did you mean 'mtor-core'"),
        (lambda _: mt.load(5), mt.InputError, "model is 5"),
        (lambda _: mt.load("nowhere/toy.toml"), mt.InputError, "no such model file"),
    ],
)
def test_changes_that_mean_nothing_are_refused(
    change: object, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        change(toy())  # type: ignore[operator]


class TestImport:
    def test_every_public_name_is_there(self) -> None:
        for name in mt.__all__:
            assert getattr(mt, name) is not None
        assert set(mt.__all__) <= set(dir(mt))

    def test_a_name_that_is_not_there_is_an_attribute_error(self) -> None:
        with pytest.raises(AttributeError, match="no attribute 'simulat'"):
            _ = mt.simulat

    def test_a_run_imports_neither_xarray_nor_sympy_nor_plots(self) -> None:
        program = (
            "import sys, mtorsim as mt\n"
            "assert 'numpy' not in sys.modules\n"
            f"model = mt.load({str(TOY)!r}).with_drugs('blocker', 'glueone', 'gluetwo')\n"
            "model.simulate('1 h', drugs={'glueone': 1})\n"
            "model.sweep({'glueone': mt.doses(1, 10, 3)}, at='1 h')['pS6K']\n"
            "heavy = {'xarray', 'pandas', 'sympy', 'matplotlib', 'scipy.integrate'}\n"
            "print(sorted(heavy & set(sys.modules)))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=False
        )
        assert (done.stdout.strip(), done.stderr) == ("[]", "")
