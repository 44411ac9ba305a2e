from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mtorsim.codegen.general import GeneralStructure, rhs_program
from mtorsim.codegen.general_kernel import GeneralKernel
from mtorsim.codegen.python_printer import print_function
from mtorsim.codegen.scalar_functions import NAMESPACE
from mtorsim.errors import InputError, UnknownNameError
from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.simulate.general import GeneralOptions
from mtorsim.simulate.imported_engine import ImportedEngine
from mtorsim.solvers.options import SolverOptions, Status
from tests.interop.sbml_documents import Document

TIGHT = SolverOptions(rtol=1e-9, atol=1e-12)


def model(document: Document) -> ImportedEngine:
    return ImportedEngine(read_sbml_text(document.text()))


@pytest.fixture(scope="module")
def pathway() -> ImportedEngine:
    """Saturable and cooperative laws, an input switched by time, a sine, a negative parameter."""
    document = Document().compartment(size=2.0).parameter("dose", 3.0).parameter("off", 4.0)
    document.parameter("hill", 2.5).parameter("km", 0.7).parameter("shift", -0.2)
    document.parameter("input").always("input", "piecewise(dose, time < off, 0)")
    document.species("A", concentration=1.0).species("B", concentration=0.1)
    document.reaction("In", [], ["A"], "c * input * (1.5 + sin(time) + shift)")
    document.reaction("AB", ["A"], ["B"], "c * A^hill / (km^hill + A^hill)")
    document.reaction("Out", ["B"], [], "c * 0.3 * B * exp(shift * B)")
    return model(document)


def test_lanes_agree_with_single_runs(pathway: ImportedEngine) -> None:
    times = np.linspace(0, 10, 11)
    given = {"dose": np.array([0.0, 1.0, 5.0]), "shift": np.array([-0.2, 0.1, 0.0])}
    many = pathway.simulate_many(times, given=given, options=TIGHT)
    assert many.engine == "lanes"
    assert not many.status.any()
    for row in range(3):
        one = {name: values[row] for name, values in given.items()}
        expected = pathway.simulate(times, given=one, options=GeneralOptions(rtol=1e-11))
        np.testing.assert_allclose(many.values[row], expected, rtol=2e-7, atol=1e-9)


def test_switching_times_may_differ_between_trajectories(pathway: ImportedEngine) -> None:
    given = {"off": np.array([1.0, 2.0, 7.5])}
    many = pathway.simulate_many([10.0], given=given, options=TIGHT)
    for row, off in enumerate(given["off"]):
        one = pathway.simulate([10.0], given={"off": off})
        np.testing.assert_allclose(many.values[row], one, rtol=1e-6)


def test_a_compartment_may_be_varied(pathway: ImportedEngine) -> None:
    many = pathway.simulate_many([5.0], given={"c": np.array([2.0, 3.0])}, options=TIGHT)
    for row, size in enumerate((2.0, 3.0)):
        one = pathway.simulate([5.0], given={"c": size})
        np.testing.assert_allclose(many.values[row], one, rtol=1e-6)


def test_the_jacobian_is_that_of_differences(pathway: ImportedEngine) -> None:
    form = pathway.lane_kernels().form
    kernel = GeneralKernel(GeneralStructure(form, ()))
    y = np.array([1.3, 0.4, 2.0])[: form.n_states]
    k = np.linspace(0.5, 1.5, max(1, len(form.inputs)))
    jacobian = kernel.jacobian(y, k)
    for j in range(form.n_states):
        step = np.zeros(form.n_states)
        step[j] = 1e-6
        difference = (kernel.rhs(y + step, k) - kernel.rhs(y - step, k)) / 2e-6
        np.testing.assert_allclose(jacobian[:, j], difference, rtol=1e-7, atol=1e-8)


MATHEMATICS = ["exp(-x)", "ln(x)", "log10(x)", "sqrt(x)", "abs(x - 1)", "x^3", "x^-2", "x^0.5"]
MATHEMATICS += ["x^1.7", "sin(x)", "tanh(x)", "arctan(x)", "arcsinh(x)", "max(x, 1)", "min(x, 1)"]
MATHEMATICS += ["piecewise(1, x < 0.5, 2)", "piecewise(1, x >= 0.5 && !(x > 9), 2)", "floor(3 * x)"]
MATHEMATICS += [
    "piecewise(1, xor(x < 1, x < 2), 3)",
    "(x < 1) + 0.5",
    "piecewise(1, (x < 1) == (x < 2), 0)",
]


@pytest.mark.parametrize("text", MATHEMATICS)
def test_lanes_and_python_compute_what_single_runs_do(text: str) -> None:
    imported = model(Document().parameter("x", 0.6).rate("x", text))
    form = imported.lane_kernels().form
    structure = GeneralStructure(form, ())
    namespace = dict(NAMESPACE)
    exec(print_function(rhs_program(structure)), namespace)
    for x in (0.3, 0.8, 2.0):
        expected = imported.simulate([0.0, 1e-9], given={"x": x}, outputs=["x"])
        slope = GeneralKernel(structure).rhs(np.array([x]), np.zeros(1))
        f = [0.0]
        namespace["rhs"]([x], [0.0], f)  # type: ignore[operator]
        assert f[0] == pytest.approx(slope[0], rel=1e-14)
        assert slope[0] * 1e-9 == pytest.approx(expected[1, 0] - x, abs=1e-15)


def test_a_steady_state_is_where_gain_and_loss_are_equal() -> None:
    document = Document().compartment().parameter("dose", 1.0).parameter("km", 2.0)
    document.species("A", amount=5.0, in_amount=True).reaction("In", [], ["A"], "dose")
    document.reaction("Out", ["A"], [], "3 * A / (km + A)")
    runs = model(document).steady_state(given={"dose": np.array([1.0, 2.0])})
    np.testing.assert_allclose(runs.values[:, 0, 0], [1.0, 4.0], rtol=1e-7)
    assert not runs.status.any()


def test_what_never_comes_to_rest_has_no_steady_state() -> None:
    runs = model(Document().parameter("x", 1.0).rate("x", "0.01")).steady_state(outputs=["x"])
    assert runs.status[0] == Status.NOT_SETTLED


def test_events_on_the_state_are_run_one_by_one() -> None:
    document = Document().parameter("x", 1.0).parameter("n", 0.0).rate("x", "-x")
    document.event("E", "x < 0.5", {"n": "1"})
    many = model(document).simulate_many(
        [2.0], given={"x": np.array([0.9, 1.0])}, outputs=["n"], options=TIGHT
    )
    assert many.engine == "single"
    assert many.values[:, 0, 0].tolist() == [1.0, 1.0]


@pytest.mark.parametrize(("end", "engine"), [(3.0, "lanes"), (6.0, "single")])
def test_a_timed_event_matters_only_once_it_is_reached(end: float, engine: str) -> None:
    document = Document().parameter("x", 1.0).rate("x", "-x").event("E", "time >= 5", {"x": "7"})
    imported = model(document)
    many = imported.simulate_many([end], given={"x": np.ones(2)}, options=TIGHT, outputs=["x"])
    assert many.engine == engine
    one = imported.simulate([end], outputs=["x"])
    np.testing.assert_allclose(many.values[0], one, rtol=1e-6)


def test_events_are_looked_for_once_for_each_end_and_what_decides_them() -> None:
    document = Document().parameter("x", 1.0).parameter("late", 5.0).rate("x", "-x")
    imported = model(document.event("E", "time >= late", {"x": "7"}))
    for late, end, engine in ((5.0, 3.0, "lanes"), (2.0, 3.0, "single"), (5.0, 6.0, "single")):
        for _ in range(2):
            given = {"x": np.ones(2), "late": np.full(2, late)}
            runs = imported.simulate_many([end], given=given, outputs=["x"])
            assert runs.engine == engine


def test_given_values_come_before_initial_assignments() -> None:
    document = Document().compartment(size=2.0).parameter("total", 10.0)
    document.species("A", concentration=1.0).species("B", concentration=0.0)
    document.initially("B", "total - A")
    imported = model(document)
    values = imported.simulate([0.0], given={"total": 4.0, "A": 3.0}, outputs=["A", "B"])
    assert values[0].tolist() == [3.0, 1.0]


def test_an_unknown_name_gets_a_suggestion(pathway: ImportedEngine) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'dose'"):
        pathway.start({"does": 1.0})
    with pytest.raises(UnknownNameError, match="unknown quantity 'Q'"):
        pathway.simulate([1.0], outputs=["Q"])


def test_values_of_unequal_number_are_refused(pathway: ImportedEngine) -> None:
    with pytest.raises(InputError, match="as many"):
        pathway.start({"dose": np.ones(2), "km": np.ones(3)})


def read_table(path: Path) -> tuple[list[str], np.ndarray]:
    with path.open() as file:
        header, *rows = csv.reader(file)
    return header, np.array(rows, dtype=float)


PUBLISHED = ["BIOMD0000000264", "BIOMD0000000448", "BIOMD0000000580", "BIOMD0000000581"]
PUBLISHED += ["BIOMD0000000640", "BIOMD0000000651", "BIOMD0000000822", "BIOMD0000000823"]
PUBLISHED += ["MODEL1204060000"]


@pytest.mark.shared
@pytest.mark.parametrize("name", PUBLISHED)
def test_published_models_follow_their_reference(name: str, shared_folder: Path) -> None:
    imported = ImportedEngine.from_sbml(shared_folder / "published" / f"{name}.xml")
    header, reference = read_table(shared_folder / "published" / f"{name}.reference.csv")
    scale = 1e-6 if name == "BIOMD0000000822" else 1.0  # amounts of some 1e-7 there
    options = SolverOptions(rtol=1e-9, atol=1e-11 * scale)
    runs = imported.simulate_many(reference[:, 0], given={}, outputs=header[1:], options=options)
    peak = np.abs(reference[:, 1:]).max(axis=0)
    peak = np.maximum(peak, 1e-9 * peak.max())
    assert runs.engine == "lanes"
    assert np.abs((runs.values[0] - reference[:, 1:]) / peak).max() < 1e-6


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", [name for name in PUBLISHED if name[-3:] not in ("580", "640", "823")]
)
def test_published_models_follow_their_dose_table(name: str, shared_folder: Path) -> None:
    imported = ImportedEngine.from_sbml(shared_folder / "published" / f"{name}.xml")
    header, table = read_table(shared_folder / "published" / f"{name}.doses.csv")
    if name == "BIOMD0000000822":  # the table holds the dose constant from the start
        imported = ImportedEngine(replace(imported.model, events=()))
    n_given = header.index("time")
    times = np.unique(table[:, n_given])
    given = {sid: table[:, i] for i, sid in enumerate(header[:n_given])}
    scale = 1e-6 if name == "BIOMD0000000822" else 1.0
    runs = imported.simulate_many(
        times,
        given=given,
        outputs=header[n_given + 1 :],
        options=SolverOptions(rtol=1e-9, atol=1e-11 * scale),
    )
    place = np.searchsorted(times, table[:, n_given])
    values = runs.values[np.arange(len(table)), place]
    expected = table[:, n_given + 1 :]
    peak = np.abs(expected).max(axis=0)
    peak = np.maximum(peak, 1e-9 * peak.max())
    assert runs.engine == "lanes"
    assert np.abs((values - expected) / peak).max() < 1e-6
