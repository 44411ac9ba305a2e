from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mtorsim.analysis.petab_fit import fit_petab, write_parameter_table
from mtorsim.analysis.petab_residuals import Residuals
from mtorsim.errors import InputError
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
    calls = []

    def stop(self: Residuals, point: np.ndarray) -> np.ndarray:
        calls.append(point)
        raise KeyboardInterrupt

    monkeypatch.setattr(Residuals, "jacobian", stop)
    fit = fit_petab(objective, n_starts=1, from_nominal=True)
    assert len(calls) == 1
    assert fit.is_interrupted
    assert not fit.converged.any()
    assert fit.best["k"] == pytest.approx(20.0)


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


def test_noise_that_is_not_normal_is_refused_by_name(tmp_path: Path) -> None:
    path = write_problem(tmp_path)
    table = (
        "observableId\tobservableFormula\tnoiseFormula\tnoiseDistribution\nobs\tA\tsd\tlaplace\n"
    )
    (tmp_path / "observables.tsv").write_text(table)
    with pytest.raises(InputError, match="observable 'obs': noise is laplace"):
        fit_petab(PetabObjective.from_file(path), n_starts=1)


def test_nothing_to_estimate_is_said(tmp_path: Path) -> None:
    path = write_problem(tmp_path, PARAMETERS.replace("\t1\n", "\t0\n"))
    with pytest.raises(InputError, match="no parameter of the problem is to be estimated"):
        fit_petab(PetabObjective.from_file(path), n_starts=1)


def test_an_open_bound_is_refused_by_name(tmp_path: Path) -> None:
    path = write_problem(tmp_path, PARAMETERS.replace("\t1e2\t", "\tinf\t"))
    with pytest.raises(InputError, match="parameter 'k': bounds"):
        fit_petab(PetabObjective.from_file(path), n_starts=1)
