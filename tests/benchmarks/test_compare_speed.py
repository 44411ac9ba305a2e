import numpy as np
import pytest

from benchmarks.compare_speed import SolverCall, recorded_calls, sample_of
from benchmarks.first_result import run_command
from benchmarks.problems import load_problem
from mtorsim.codegen.kernel import CompiledKernel, compile_kernel
from mtorsim.solvers.options import SolverOptions


def test_calls_of_kernels_are_kept_and_run_as_ever():
    problem = load_problem("kinases-25", 60)
    kernel, before = compile_kernel(problem.structure), CompiledKernel.solve
    plain = kernel.solve(problem.y0, problem.k, t_out=problem.t_out)
    with recorded_calls() as calls:
        watched = kernel.solve(problem.y0, problem.k, t_out=problem.t_out)
        kernel.solve(problem.y0[:3], problem.k[:3], t_out=problem.t_out)
    assert CompiledKernel.solve is before
    assert np.array_equal(plain.values, watched.values)
    assert [len(call.y0) for call in calls] == [60]
    assert np.array_equal(calls[0].k, problem.k)
    assert calls[0].options == SolverOptions()


def test_a_sample_is_spread_over_all_sweeps():
    problem = load_problem("kinases-25", 50)
    first = SolverCall(problem.structure, problem.y0, problem.k, problem.t_out, SolverOptions())
    second = SolverCall(
        problem.structure, 2 * problem.y0, problem.k, problem.t_out, SolverOptions()
    )
    sample = sample_of([first, second], 3)
    assert np.array_equal(sample.y0[0], problem.y0[0])
    assert np.array_equal(sample.y0[2], 2 * problem.y0[-1])
    assert sample.n_trajectories == 3


def test_a_command_line_is_timed_and_its_memory_taken(tmp_path):
    seconds, mebibytes = run_command(("models", "--json"), str(tmp_path))
    assert seconds > 0
    assert 20 < mebibytes < 1000


def test_a_command_line_that_fails_is_not_timed(tmp_path):
    with pytest.raises(SystemExit, match=r"mtorsim show no-such-model failed: .*unknown model"):
        run_command(("show", "no-such-model"), str(tmp_path))
