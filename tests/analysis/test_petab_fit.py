from __future__ import annotations

import signal
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from mtorsim.analysis.petab_fit import fit_petab, write_parameter_table
from mtorsim.analysis.petab_gradient import ObjectiveWithGradient
from mtorsim.errors import InputError, MissingExtraError
from mtorsim.interop.petab_tables import read_petab_tables
from mtorsim.simulate.petab import PetabObjective
from tests.interop.sbml_documents import Document

PARAMETERS = (
    "parameterId\tparameterScale\tlowerBound\tupperBound\tnominalValue\testimate\n"
    "k\tlog10\t1e-2\t1e2\t20\t1\nsd\tlog10\t1e-3\t10\t1\t1\n"
)


def write_problem(folder: Path, parameters: str = PARAMETERS) -> Path:
    """Decay with k = 0.7 measured at ten times with known deviations of +-0.02."""
    document = Document().compartment().parameter("k", 1.0)
    document.species("A", amount=1.0, in_amount=True).reaction("R", ["A"], [], "k * A")
    (folder / "model.xml").write_text(document.text())
    times = np.linspace(0.5, 5, 10)
    values = np.exp(-0.7 * times) + 0.02 * (-1.0) ** np.arange(10)
    rows = [f"obs\tc\t{v!r}\t{t!r}" for t, v in zip(times.tolist(), values.tolist(), strict=True)]
    header = "observableId\tsimulationConditionId\tmeasurement\ttime"
    files = {
        "measurements.tsv": "\n".join([header, *rows]),
        "conditions.tsv": "conditionId\nc",
        "observables.tsv": "observableId\tobservableFormula\tnoiseFormula\nobs\tA\tsd",
        "parameters.tsv": parameters,
        "problem.yaml": "format_version: 1\nparameter_file: parameters.tsv\nproblems:\n"
        "- {condition_files: [conditions.tsv], measurement_files: [measurements.tsv], "
        "observable_files: [observables.tsv], sbml_files: [model.xml]}",
    }
    for name, content in files.items():
        (folder / name).write_text(content + "\n")
    return folder / "problem.yaml"


def test_every_start_finds_rate_and_noise(tmp_path: Path) -> None:
    objective = PetabObjective.from_file(write_problem(tmp_path))
    fit = fit_petab(objective, n_starts=4)
    assert fit.best["k"] == pytest.approx(0.7, rel=0.05)
    assert fit.best["sd"] == pytest.approx(0.02, rel=0.05)  # the most likely sd is the RMS error
    assert np.ptp(fit.objective[:3]) < 1e-4
    assert fit.objective[0] < fit.nominal


def test_the_written_table_is_read_again_with_the_best_values(tmp_path: Path) -> None:
    path = write_problem(tmp_path)
    objective = PetabObjective.from_file(path)
    fit = fit_petab(objective, n_starts=1, from_nominal=True)
    write_parameter_table(fit, objective, tmp_path / "parameters.tsv")
    nominal = {p.id: p.nominal for p in read_petab_tables(path).parameters}
    assert nominal == fit.best


def test_all_but_the_best_values_of_the_table_stays(tmp_path: Path) -> None:
    wide = PARAMETERS.replace("estimate\n", "estimate\tremark\n").replace("\t1\n", "\t1\tkept\n")
    path = write_problem(tmp_path, wide)
    objective = PetabObjective.from_file(path)
    fit = fit_petab(objective, n_starts=1, from_nominal=True)
    write_parameter_table(fit, objective, tmp_path / "fitted.tsv")
    before = [line.split("\t") for line in wide.splitlines()]
    after = [line.split("\t") for line in (tmp_path / "fitted.tsv").read_text().splitlines()]
    assert [row[:4] + row[5:] for row in after] == [row[:4] + row[5:] for row in before]
    assert float(after[1][4]) == fit.best["k"]


def test_ctrl_c_keeps_the_starts_that_are_finished(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    objective = PetabObjective.from_file(write_problem(tmp_path))
    fit = fit_petab(objective, n_starts=5, progress=stop)
    assert fit.is_interrupted
    assert len(fit.objective) == 2
    assert fit.best["k"] == pytest.approx(0.7, rel=0.05)


def test_ctrl_c_within_a_start_keeps_its_best_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    objective = PetabObjective.from_file(write_problem(tmp_path))
    evaluate, calls = ObjectiveWithGradient.at, []

    def stop(
        self: ObjectiveWithGradient, point: np.ndarray
    ) -> tuple[float, np.ndarray, np.ndarray]:
        calls.append(point)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return evaluate(self, point)

    monkeypatch.setattr(ObjectiveWithGradient, "at", stop)
    fit = fit_petab(objective, n_starts=3, from_nominal=True)
    assert fit.is_interrupted
    assert fit.converged.tolist() == [False]
    assert fit.objective[0] < fit.nominal
    assert any(np.isclose(10.0 ** point[0], fit.best["k"]) for point in calls)


def test_ctrl_c_that_an_ensemble_swallows_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    objective = PetabObjective.from_file(write_problem(tmp_path))
    simulate, calls = PetabObjective.simulate, []

    def swallow(self: PetabObjective, vectors: object = None) -> tuple[np.ndarray, np.ndarray]:
        calls.append(vectors)
        if len(calls) == 8:
            with suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        return simulate(self, vectors)  # type: ignore[arg-type]

    monkeypatch.setattr(PetabObjective, "simulate", swallow)
    fit = fit_petab(objective, n_starts=50)
    assert fit.is_interrupted
    assert len(fit.objective) < 50


def test_a_prior_pulls_the_fit_as_far_as_it_is_sharp(tmp_path: Path) -> None:
    columns = "estimate\tobjectivePriorType\tobjectivePriorParameters\n"
    found = []
    for spread in ("1000", "1e-4"):
        prior = f"\t1\tnormal\t1.5;{spread}\n"
        table = PARAMETERS.replace("estimate\n", columns).replace("\t20\t1\n", f"\t20{prior}")
        objective = PetabObjective.from_file(write_problem(tmp_path, table))
        found.append(fit_petab(objective, n_starts=2).best["k"])
    assert found[0] == pytest.approx(0.7, rel=0.05)
    assert found[1] == pytest.approx(1.5, rel=1e-3)


def test_the_best_point_is_where_likelihood_and_prior_are_highest(tmp_path: Path) -> None:
    columns = "estimate\tobjectivePriorType\tobjectivePriorParameters\n"
    prior = "\t1\tlogNormal\t0.2;0.05\n"
    table = PARAMETERS.replace("estimate\n", columns).replace("\t20\t1\n", f"\t20{prior}")
    objective = PetabObjective.from_file(write_problem(tmp_path, table))
    fit = fit_petab(objective, n_starts=3)
    ks = fit.best["k"] * np.array([0.99, 1.0, 1.01])
    vectors = {"k": ks, "sd": np.full(3, fit.best["sd"])}
    total = objective.negative_log_likelihood(vectors) + objective.negative_log_prior(vectors)
    assert np.argmin(total) == 1
    assert fit.objective[0] == pytest.approx(total[1], rel=1e-12)


@pytest.mark.parametrize("n_starts", [0, -3, 10**9])
def test_a_number_of_starts_that_is_none_is_refused(tmp_path: Path, n_starts: int) -> None:
    with pytest.raises(InputError, match=f"{n_starts} starts: choose from 1 to"):
        fit_petab(PetabObjective.from_file(write_problem(tmp_path)), n_starts=n_starts)


def test_with_laplace_noise_the_spread_is_the_mean_absolute_error(tmp_path: Path) -> None:
    path = write_problem(tmp_path)
    table = "observableId\tobservableFormula\tnoiseFormula\tnoiseDistribution\n"
    (tmp_path / "observables.tsv").write_text(f"{table}obs\tA\tsd\tlaplace\n")
    objective = PetabObjective.from_file(path)
    fit = fit_petab(objective, n_starts=3)
    simulated, sigma = objective.simulate({k: np.array([v]) for k, v in fit.best.items()})
    errors = np.abs(simulated[0] - [m.value for m in objective.measured])
    truth = {"k": np.array([0.7]), "sd": np.array([0.02])}
    assert fit.objective[0] <= objective.negative_log_likelihood(truth)[0]
    assert sigma[0, 0] == pytest.approx(errors.mean(), rel=1e-3)


@pytest.mark.parametrize("distribution", ["normal", "laplace"])
@pytest.mark.parametrize("transformation", ["lin", "log", "log10"])
def test_the_gradient_is_that_of_the_objective(
    tmp_path: Path, distribution: str, transformation: str
) -> None:
    columns = "estimate\tobjectivePriorType\tobjectivePriorParameters\n"
    prior = "\t1\tlogLaplace\t0.2;0.3\n"
    table = PARAMETERS.replace("estimate\n", columns).replace("\t20\t1\n", f"\t20{prior}")
    path = write_problem(tmp_path, table)
    names = "observableId\tobservableFormula\tnoiseFormula\tnoiseDistribution"
    row = f"obs\tA\tsd * (1 + A)\t{distribution}\t{transformation}\n"
    (tmp_path / "observables.tsv").write_text(f"{names}\tobservableTransformation\n{row}")
    objective = PetabObjective.from_file(path)
    function = ObjectiveWithGradient(objective, list(objective.tables.parameters))
    point = np.array([-0.1, -1.2])
    value, gradient, information = function.at(point)
    step = 1e-4
    for i in range(2):
        points = point + step * np.array([-1.0, 1.0])[:, None] * np.eye(2)[i]
        vectors = function.linear(points)
        total = objective.negative_log_likelihood(vectors) + objective.negative_log_prior(vectors)
        assert gradient[i] == pytest.approx(np.diff(total)[0] / (2 * step), rel=1e-3)
    assert np.linalg.eigvalsh(information).min() > 0
    np.testing.assert_allclose(information, information.T)
    # the value leaves out a constant
    shifted, _, _ = function.at(point + 0.1)
    both = function.linear(np.array([point, point + 0.1]))
    total = objective.negative_log_likelihood(both) + objective.negative_log_prior(both)
    assert shifted - value == pytest.approx(np.diff(total)[0], rel=1e-6)


def test_without_the_optimiser_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fides", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'mtorsim\[petab\]'"):
        fit_petab(PetabObjective.from_file(write_problem(tmp_path)), n_starts=1)


def test_nothing_to_estimate_is_said(tmp_path: Path) -> None:
    path = write_problem(tmp_path, PARAMETERS.replace("\t1\n", "\t0\n"))
    with pytest.raises(InputError, match="no parameter of the problem is to be estimated"):
        fit_petab(PetabObjective.from_file(path), n_starts=1)


def test_an_open_bound_is_refused_by_name(tmp_path: Path) -> None:
    path = write_problem(tmp_path, PARAMETERS.replace("\t1e2\t", "\tinf\t"))
    with pytest.raises(InputError, match="parameter 'k': bounds"):
        fit_petab(PetabObjective.from_file(path), n_starts=1)
