"""The same runs through SciPy's solvers: slow, but independent of the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtorsim.errors import InputError
from mtorsim.network.structure import MassActionStructure
from mtorsim.simulate.mass_action import MassActionTables
from mtorsim.simulate.settling import settle
from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions, Status
from mtorsim.solvers.shared_rows import SharedRows
from mtorsim.solvers.solution import EnsembleSolution, SolutionCounters

Array = NDArray[np.float64]
Progress = Callable[[int], None]

# Radau stops at each output time, so that a reference carries no interpolation error; the other
# two interpolate, because they pay dearly for a step that is cut short.
STOPS_AT_OUTPUTS = frozenset({"scipy-Radau"})
SETTLING_RTOL = 1e-6
NO_OUTPUTS = np.empty((0, 0))


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked of all trajectories of a call."""

    t_out: Array
    options: SolverOptions
    events: tuple[Event, ...] = ()


@dataclass(slots=True)
class _Run:
    """One trajectory while it is being solved."""

    y: Array
    t: float = 0.0
    status: Status = Status.OK
    steps: int = 0
    rhs_evaluations: int = 0
    factorisations: int = 0


@dataclass(frozen=True, slots=True)
class LaterSolve:
    """A solve that begins when its end is waited for."""

    solve: Callable[[], EnsembleSolution]

    def finish(self) -> EnsembleSolution:
        """Solve now."""
        return self.solve()

    def stop(self) -> None:
        """Nothing was begun."""


class ScipyKernel:
    """A network solved by ``scipy.integrate``, with the same methods as a compiled kernel.

    Parameters
    ----------
    structure : the network
    """

    def __init__(self, structure: MassActionStructure) -> None:
        self.structure = structure
        self._tables = MassActionTables(structure)

    def solve(
        self,
        y0: Array | SharedRows,
        k: Array | SharedRows,
        *,
        t_out: Array,
        observe: Array | None = None,
        options: SolverOptions | None = None,
        events: Sequence[Event] = (),
        progress: Progress | None = None,
    ) -> EnsembleSolution:
        """Solve each row from 0 to the last output time.

        Parameters
        ----------
        y0 : (m, n) amounts at t = 0, nM
        k : (m, r) rate constants in nM and s, or one row for all
        t_out : (t,) s, ascending, not negative
        observe : (q, n) weights of the outputs; None gives all species
        options : method one of ``scipy-Radau`` (default), ``scipy-BDF``, ``scipy-LSODA``
        events : changes at exact times; an output at the time of an event is taken before it
        progress : called with the number of trajectories finished since the last call

        Returns
        -------
        ``values`` are NaN from the time a trajectory failed; after Ctrl-C what is finished is
        kept and the rest has the status interrupted. SciPy does not tell its rejected steps, so
        that counter is 0.
        """
        options = options or SolverOptions(method="scipy-Radau")
        weights = np.eye(self.structure.n_species) if observe is None else observe
        y0 = SharedRows.of(y0).dense()
        k = SharedRows.of(k).repeated(len(y0)).dense()
        values = np.full((len(y0), len(t_out), len(weights)), np.nan)
        request = _Request(t_out, options, tuple(sorted(events, key=lambda event: event.time)))
        runs = [_Run(row.copy(), status=Status.INTERRUPTED) for row in y0]
        with suppress(KeyboardInterrupt):
            for member, row in enumerate(y0):
                states = np.full((len(t_out), self.structure.n_species), np.nan)
                run = self._run(row, k[member], member, request, states)
                values[member] = states @ weights.T
                runs[member] = run
                if progress is not None:
                    progress(1)
        return _gathered(runs, values, options.method)

    def start(
        self,
        y0: Array | SharedRows,
        k: Array | SharedRows,
        *,
        t_out: Array,
        observe: Array | None = None,
        options: SolverOptions | None = None,
        events: Sequence[Event] = (),
        progress: Progress | None = None,
    ) -> LaterSolve:
        """What `solve` does, when its end is waited for."""
        return LaterSolve(
            lambda: self.solve(
                y0,
                k,
                t_out=t_out,
                observe=observe,
                options=options,
                events=events,
                progress=progress,
            )
        )

    def steady_state(
        self, y0: Array, k: Array, *, options: SolverOptions | None = None
    ) -> EnsembleSolution:
        """Run each row to rest; see ``settling.settle`` for when a state counts as settled."""
        options = options or SolverOptions(method="scipy-Radau")
        # Newton's steps make the end exact, so that the way there need not be.
        options = replace(options, rtol=max(options.rtol, SETTLING_RTOL))
        request = _Request(np.empty(0), options)
        advance = partial(self._advance, request=request, states=NO_OUTPUTS)
        runs = [_Run(row.copy(), status=Status.INTERRUPTED) for row in y0]
        with suppress(KeyboardInterrupt):
            for member, row in enumerate(k):
                run = _Run(y0[member].copy())
                if _usable(run.y, row):
                    settle(self._tables, run, row, options, advance)
                else:
                    run.status = Status.BAD_INPUT
                runs[member] = run
        final = np.array([run.y for run in runs]).reshape(y0.shape)
        return _gathered(runs, final[:, np.newaxis, :], options.method)

    def rhs(self, y: Array, k: Array) -> Array:
        """``dy/dt`` of one state, (n,) in nM/s."""
        return self._tables.rhs(y, k)

    def jacobian(self, y: Array, k: Array) -> Array:
        """``d(dy/dt)/dy`` of one state, dense (n, n) in 1/s."""
        matrix = self._tables.jacobian(y, k)
        return np.asarray(matrix if self._tables.dense else matrix.toarray())

    def _run(self, y0: Array, k: Array, member: int, request: _Request, states: Array) -> _Run:
        """Solve one row segment by segment, from event to event, and fill ``states``."""
        run = _Run(y0.copy())
        if not _usable(y0, k):
            run.status = Status.BAD_INPUT
            return run
        t_out = request.t_out
        states[t_out == 0.0] = y0
        t_end = float(t_out[-1]) if len(t_out) else 0.0
        for event in [*request.events, None]:
            stop = t_end if event is None else min(event.time, t_end)
            self._advance(run, k, stop, request, states)
            if run.status != Status.OK or event is None or event.time >= t_end:
                break
            run.y, k = _after(event, run.y, k, member)
        return run

    def _advance(self, run: _Run, k: Array, stop: float, request: _Request, states: Array) -> None:
        """Take ``run`` to ``stop`` without a change on the way."""
        if stop <= run.t:
            return
        with np.errstate(all="ignore"):
            try:
                solver = self._solver(run, k, stop, request.options)
                _step_through(solver, run, stop, request, states)
            except (ArithmeticError, ValueError, RuntimeError, np.linalg.LinAlgError):
                # SciPy raises these from its linear algebra when a state is no longer finite.
                run.status = Status.NON_FINITE

    def _solver(self, run: _Run, k: Array, stop: float, options: SolverOptions) -> Any:
        from scipy.integrate import BDF, LSODA, Radau

        classes: dict[str, Any] = {"scipy-Radau": Radau, "scipy-BDF": BDF, "scipy-LSODA": LSODA}
        if options.method not in classes:
            raise InputError(f"method {options.method!r} is none of SciPy's: {', '.join(classes)}")
        tables = self._tables

        def jacobian(_: float, y: Array) -> Any:
            matrix = tables.jacobian(y, k)
            if options.method == "scipy-LSODA" and not tables.dense:
                matrix = matrix.toarray()
            return matrix

        first_step = options.first_step
        return classes[options.method](
            lambda _, y: tables.rhs(y, k),
            run.t,
            run.y,
            stop,
            rtol=options.rtol,
            atol=options.atol,
            jac=jacobian,
            first_step=None if first_step is None else min(first_step, stop - run.t),
        )


def solve_with_scipy(
    structure: MassActionStructure,
    y0: Array,
    k: Array,
    *,
    t_out: Array,
    observe: Array | None = None,
    method: Any = "scipy-Radau",
    rtol: float = 1e-10,
    atol: float = 1e-10,
    max_steps: int = 1_000_000,
    events: Sequence[Event] = (),
) -> EnsembleSolution:
    """Reference solution of each row; arguments and result as of ``ScipyKernel.solve``."""
    options = SolverOptions(method=method, rtol=rtol, atol=atol, max_steps=max_steps)
    return ScipyKernel(structure).solve(
        y0, k, t_out=t_out, observe=observe, options=options, events=events
    )


def _step_through(solver: Any, run: _Run, stop: float, request: _Request, states: Array) -> None:
    """Step to ``stop``, filling the outputs passed on the way."""
    t_out = request.t_out
    bounds = [stop]
    if request.options.method in STOPS_AT_OUTPUTS:
        bounds = [*t_out[(t_out > run.t) & (t_out < stop)], stop]
    for bound in bounds:
        solver.t_bound, solver.status = bound, "running"
        while solver.status == "running":
            _one_step(solver, run, request)
            if run.status != Status.OK:
                return
            for index in np.flatnonzero((t_out > solver.t_old) & (t_out <= solver.t)):
                at_end = t_out[index] == solver.t
                states[index] = solver.y if at_end else solver.dense_output()(t_out[index])


def _one_step(solver: Any, run: _Run, request: _Request) -> None:
    """Take one step and book its cost and outcome."""
    if run.steps >= request.options.max_steps:
        run.status = Status.MAX_STEPS
        return
    rhs_before, factorisations_before = solver.nfev, solver.nlu
    solver.step()
    run.steps += 1
    run.rhs_evaluations += solver.nfev - rhs_before
    run.factorisations += solver.nlu - factorisations_before
    if solver.status == "failed":
        run.status = Status.STEP_UNDERFLOW
    elif not np.isfinite(solver.y).all():
        run.status = Status.NON_FINITE
    else:
        run.t, run.y = float(solver.t), solver.y.copy()


def _usable(y0: Array, k: Array) -> bool:
    return bool(np.isfinite(y0).all() and np.isfinite(k).all() and (k >= 0).all())


def _after(event: Event, y: Array, k: Array, member: int) -> tuple[Array, Array]:
    """State and rate constants of one trajectory after an event."""
    if event.y_scale is not None:
        y = y * event.y_scale
    if event.y_add is not None:
        y = y + event.y_add[member]
    return y, k if event.k is None else event.k[member]


def _gathered(runs: Sequence[_Run], values: Array, method: str) -> EnsembleSolution:
    def column(name: str, kind: Any) -> NDArray[Any]:
        return np.array([getattr(run, name) for run in runs], dtype=kind)

    counters = SolutionCounters(
        steps=column("steps", np.int64),
        rejected=np.zeros(len(runs), dtype=np.int64),
        rhs_evaluations=column("rhs_evaluations", np.int64),
        factorisations=column("factorisations", np.int64),
    )
    n_species = values.shape[-1] if not runs else len(runs[0].y)
    final = np.array([run.y for run in runs], dtype=np.float64).reshape(len(runs), n_species)
    return EnsembleSolution(
        values=values,
        final_state=final,
        t_reached=column("t", np.float64),
        status=column("status", np.int8),
        counters=counters,
        method=method,
        precision="double",
        lanes=1,
    )
