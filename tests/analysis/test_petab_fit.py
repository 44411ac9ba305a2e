from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mtorsim.analysis.petab_fit import fit_petab, write_parameter_table
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


def test_an_open_bound_is_refused_by_name(tmp_path: Path) -> None:
    path = write_problem(tmp_path, PARAMETERS.replace("\t1e2\t", "\tinf\t"))
    with pytest.raises(InputError, match="parameter 'k': bounds"):
        fit_petab(PetabObjective.from_file(path), n_starts=1)
