import numpy as np
import pytest
from numpy.testing import assert_allclose

from benchmarks.problems import PROBLEMS, SHARED_NETWORKS, load_problem
from benchmarks.reference import reference_solution, relative_errors

needs_shared = pytest.mark.skipif(
    not SHARED_NETWORKS.is_dir(),
    reason="the shared reference networks are not beside the checkout",
)


def test_the_cascade_is_solved_for_the_sets_of_the_first_measurements():
    problem = load_problem("cascade-73", 16)
    assert problem.k.sum() == pytest.approx(635.8487951979889, rel=1e-12)
    assert problem.y0.sum() == pytest.approx(55377.698881804805, rel=1e-12)


def test_a_trajectory_does_not_depend_on_how_many_are_asked():
    few, many = load_problem("cascade-73", 2), load_problem("cascade-73", 5)
    assert np.array_equal(few.k, many.k[:2])
    assert np.array_equal(few.y0, many.y0[:2])


def test_the_core_model_is_dosed_with_one_drug_the_other_or_both():
    problem = load_problem("mtor-core-raw", 3)
    rapalog = problem.y0[:, problem.species.index("everolimus_medium")]
    assert (rapalog > 0).tolist() == [True, True, False]
    assert problem.structure.n_species == len(problem.species) == problem.y0.shape[1]
    assert (problem.k >= 0).all()


@pytest.mark.shared
@needs_shared
def test_trajectory_0_of_a_shared_network_ends_in_the_stored_state(monkeypatch, tmp_path):
    monkeypatch.setattr("benchmarks.stored.FOLDER", tmp_path)
    problem = load_problem("multistate", 1)
    stored = np.loadtxt(SHARED_NETWORKS / "multistate.final.csv", delimiter=",", skiprows=1)
    assert_allclose(reference_solution(problem)[0, -1], stored[:, 1], rtol=1e-8)
    assert len(list(tmp_path.iterdir())) == 1
    assert np.array_equal(reference_solution(problem), reference_solution(problem))


def test_final_time_is_the_last_output():
    problem = load_problem("kinases-25", 1)
    assert problem.at_final_time().t_out.tolist() == [86400.0]
    assert problem.t_out[[0, -1]].tolist() == pytest.approx([10.0, 86400.0])


@pytest.mark.parametrize(
    ("name", "number", "message"),
    [
        ("cascade-74", 1, "unknown model 'cascade-74'; known: mtor-core"),
        ("cascade-73", 0, "0 trajectories: choose 1 to 10240"),
        ("cascade-73", 20000, "20000 trajectories: choose 1 to 10240"),
    ],
)
def test_what_can_not_be_loaded_is_said_in_a_line(name, number, message):
    with pytest.raises(SystemExit, match=message):
        load_problem(name, number)


def test_all_problems_are_named_as_they_are_asked_for():
    assert {"mtor-core", "mtor-core-raw", "cascade-73", "cascade-73-settled"} < set(PROBLEMS)
    assert {"kinases-25", "kinases-400", "BCR", "fceri_gamma2"} < set(PROBLEMS)


def test_errors_are_relative_to_the_value_or_the_floor():
    reference = np.array([[[100.0, 1e-6]], [[1.0, 1.0]]])
    values = reference + np.array([[[1.0, 1e-6]], [[np.nan, 0.0]]])
    assert relative_errors(values, reference, floor=1e-3).tolist() == [0.01, np.inf]
