from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from mtorsim.errors import ModelError, UnknownNameError
from mtorsim.interop.petab_tables import read_petab_tables
from mtorsim.simulate.petab import PetabObjective
from mtorsim.simulate.petab_noise import negative_log_likelihood
from tests.interop.sbml_documents import Document

TABLES = {
    "problem.yaml": (
        "format_version: 1\nparameter_file: parameters.tsv\nproblems:\n"
        "- condition_files: [conditions.tsv]\n  measurement_files: [measurements.tsv]\n"
        "  observable_files: [observables.tsv]\n  sbml_files: [model.xml]\n"
    ),
    "parameters.tsv": (
        "parameterId\tparameterScale\tlowerBound\tupperBound\tnominalValue\testimate\n"
        "k\tlog10\t1e-3\t1e3\t0.5\t1\nscale\tlin\t0\t10\t2\t1\nsd\tlin\t0\t10\t0.1\t0\n"
    ),
    "conditions.tsv": "conditionId\tdose\nrest\t0\nlow\t1\nhigh\t3\n",
    "observables.tsv": (
        "observableId\tobservableFormula\tnoiseFormula\nobs\tobservableParameter1_obs * A\t"
        "noiseParameter1_obs\n"
    ),
    "measurements.tsv": (
        "observableId\tpreequilibrationConditionId\tsimulationConditionId\tmeasurement\ttime\t"
        "observableParameters\tnoiseParameters\n"
        "obs\t\tlow\t1.5\t1\tscale\tsd\nobs\t\thigh\t7\t2\tscale\t0.2\nobs\tlow\thigh\t5\t2\t2\tsd\n"
    ),
}


def write_problem(folder: Path, **changes: tuple[str, str]) -> Path:
    """A problem for dA/dt = dose - k A, A(0) = 1; changes replace text in a file."""
    document = Document().compartment().parameter("dose", 1.0).parameter("k", 9.0)
    document.species("A", amount=1.0, in_amount=True)
    document.reaction("In", [], ["A"], "dose").reaction("Out", ["A"], [], "k * A")
    (folder / "model.xml").write_text(document.text())
    for name, content in TABLES.items():
        old, new = changes.get(name.partition(".")[0], ("", ""))
        assert old in content
        (folder / name).write_text(content.replace(old, new, 1))
    return folder / "problem.yaml"


def solution(t: float, *, dose: float, k: float, start: float) -> float:
    return dose / k + (start - dose / k) * math.exp(-k * t)


def test_the_objective_is_that_of_the_exact_solution(tmp_path: Path) -> None:
    objective = PetabObjective.from_file(write_problem(tmp_path))
    ks = [0.5, 0.8]
    expected = []
    for k in ks:
        simulated = [
            2 * solution(1, dose=1, k=k, start=1),
            2 * solution(2, dose=3, k=k, start=1),
            2 * solution(2, dose=3, k=k, start=1 / k),  # at rest under the low dose before
        ]
        expected.append(
            sum(
                0.5 * math.log(2 * math.pi * sd**2) + 0.5 * ((m - s) / sd) ** 2
                for m, s, sd in zip([1.5, 7, 5], simulated, [0.1, 0.2, 0.1], strict=True)
            )
        )
    values = objective.negative_log_likelihood({"k": np.array(ks)})
    np.testing.assert_allclose(values, expected, rtol=1e-6)
    assert objective.negative_log_likelihood()[0] == pytest.approx(expected[0], rel=1e-6)


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        ("parameters", "nominalValue", "nominal", "parameters.tsv:1: there is no column 'nominalV"),
        ("parameters", "0.5", "NaN", "parameters.tsv:2: nominalValue: a number is wanted"),
        ("parameters", "log10", "log11", "parameterScale: 'log11'; did you mean 'log10'"),
        ("measurements", "1.5", "", "measurements.tsv:2: measurement: a number is wanted"),
        ("measurements", "high", "hihg", "there is no condition 'hihg'; did you mean 'high'"),
        ("measurements", "obs\t\tlow", "obz\t\tlow", "there is no observable 'obz'"),
        ("measurements", "scale", "scael", "'scael' is no parameter; did you mean 'scale'"),
        ("measurements", "scale\tsd", "\tsd", "observableParameter1_obs of observable 'obs' is no"),
        ("observables", "* A", "* B", "undefined symbol 'B'"),
        ("observables", "* A", "* (A", "observables.tsv:2: not a formula"),
        ("problem", "format_version: 1", "format_version: 7", "format_version 1"),
        ("problem", "[model.xml]", "model.xml", "sbml_files: a list of file names is wanted"),
        ("problem", "problems:", "problems: [", "not YAML"),
    ],
)
def test_damage_is_one_line_with_its_place(
    tmp_path: Path, table: str, old: str, new: str, message: str
) -> None:
    path = write_problem(tmp_path, **{table: (old, new)})
    with pytest.raises(ModelError) as error:
        PetabObjective.from_file(path)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_condition_for_what_the_model_lacks_is_named(tmp_path: Path) -> None:
    path = write_problem(tmp_path, conditions=("dose", "doze"))
    with pytest.raises(UnknownNameError, match="condition 'rest': unknown quantity 'doze'"):
        PetabObjective.from_file(path)


def test_formulas_can_not_smuggle_code(tmp_path: Path) -> None:
    mark = tmp_path / "executed"
    code = f"__import__('pathlib').Path('{mark}').touch()"
    with pytest.raises(ModelError):
        PetabObjective.from_file(write_problem(tmp_path, observables=("* A", f"* {code}")))
    yaml = f"!!python/object/apply:os.system ['touch {mark}']"
    with pytest.raises(ModelError):
        read_petab_tables(write_problem(tmp_path, problem=("format_version: 1", f"x: {yaml}")))
    assert not mark.exists()


def test_noise_may_be_a_share_of_its_observable(tmp_path: Path) -> None:
    change = ("noiseParameter1_obs", "noiseParameter1_obs * (1 + 0.5 * obs)")
    simulated, noise = PetabObjective.from_file(
        write_problem(tmp_path, observables=change)
    ).simulate()
    np.testing.assert_allclose(noise, np.array([0.1, 0.2, 0.1]) * (1 + 0.5 * simulated))


def test_nested_aliases_are_refused_unread(tmp_path: Path) -> None:
    levels = "".join(f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 10)}]\n" for i in range(12))
    path = write_problem(tmp_path)
    path.write_text(f"a0: &a0 x\n{levels}format_version: *a12\nproblems: *a12\n")
    with pytest.raises(ModelError, match="not a PEtab problem of format_version 1"):
        read_petab_tables(path)


@pytest.mark.parametrize("transformation", ["lin", "log", "log10"])
@pytest.mark.parametrize("distribution", ["normal", "laplace"])
def test_noise_models_are_normalised(transformation: str, distribution: str) -> None:
    grid = (
        np.linspace(1e-4, 60.0, 200_001)
        if transformation != "lin"
        else np.linspace(-30, 40, 200_001)
    )
    density = np.exp(
        -negative_log_likelihood(
            grid,
            np.full_like(grid, 5.0),
            np.full_like(grid, 0.3),
            transformation=transformation,
            distribution=distribution,
        )
    )
    assert np.trapezoid(density, grid) == pytest.approx(
        1.0, abs=2e-2 if transformation == "log10" else 1e-3
    )


@pytest.mark.shared
@pytest.mark.parametrize(
    ("problem", "published"),
    [
        ("Boehm_JProteomeRes2014", 138.22199694),
        ("Brannmark_JBC2010", 141.88911377),
        ("Crauste_CellSystems2017", 190.96521897),
        ("Fujita_SciSignal2010", -53.08377737),
    ],
)
def test_published_objectives_are_reproduced(
    problem: str, published: float, shared_folder: Path
) -> None:
    objective = PetabObjective.from_file(shared_folder / "petab" / problem / f"{problem}.yaml")
    assert objective.negative_log_likelihood()[0] == pytest.approx(published, rel=1e-4)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("problem", "tolerance"),
    [
        ("Boehm_JProteomeRes2014", 1e-6),
        ("Brannmark_JBC2010", 1e-6),
        # between days 8 and 13 its errors of integration grow ten thousand times
        ("Crauste_CellSystems2017", 1e-3),
        ("Fujita_SciSignal2010", 1e-6),
        ("SalazarCavazos_MBoC2020", 1e-6),
    ],
)
def test_simulated_data_are_those_of_another_engine(
    problem: str, tolerance: float, shared_folder: Path
) -> None:
    folder = shared_folder / "petab" / problem
    with (folder / "roadrunner_simulation.tsv").open() as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    expected = np.array([float(row["simulation"]) for row in rows])
    observables = [row["observableId"] for row in rows]
    simulated, _ = PetabObjective.from_file(folder / f"{problem}.yaml").simulate()
    for observable in set(observables):
        place = [i for i, name in enumerate(observables) if name == observable]
        peak = np.abs(expected[place]).max()
        np.testing.assert_allclose(
            simulated[0, place], expected[place], rtol=0, atol=tolerance * peak
        )


def test_a_condition_leaves_what_its_cell_does_not_say(tmp_path: Path) -> None:
    # A is set in one condition, is NaN in another, and goes on from rest in that after "low"
    header = ("conditionId\tdose\n", "conditionId\tdose\tA\n")
    path = write_problem(tmp_path, conditions=header)
    file = tmp_path / "conditions.tsv"
    file.write_text(
        file.read_text().replace("low\t1\n", "low\t1\t7\n").replace("high\t3\n", "high\t3\tNaN\n")
    )
    simulated, _ = PetabObjective.from_file(path).simulate()
    expected = [
        2 * solution(1, dose=1, k=0.5, start=7),
        2 * solution(2, dose=3, k=0.5, start=1),
        2 * solution(2, dose=3, k=0.5, start=2),
    ]
    np.testing.assert_allclose(simulated[0], expected, rtol=1e-6)


def test_both_signs_of_a_power_are_read(tmp_path: Path) -> None:
    values = [
        PetabObjective.from_file(
            write_problem(tmp_path, observables=("* A", f"* A{sign}2"))
        ).simulate()[0]
        for sign in ("^", "**")
    ]
    np.testing.assert_array_equal(*values)
