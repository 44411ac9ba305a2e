"""Chooses and keeps the machine code that a lane form runs on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtorsim.solvers.event import Event
from mtorsim.solvers.options import SolverOptions
from mtorsim.solvers.solution import EnsembleSolution
from mtorsim.symbolic.lane_form import LaneForm
from mtorsim.symbolic.polynomial import MassActionForm, mass_action_form

if TYPE_CHECKING:
    from mtorsim.codegen.ensemble_kernel import EnsembleKernel
    from mtorsim.codegen.general_kernel import GeneralKernel
    from mtorsim.codegen.kernel import CompiledKernel

Array = NDArray[np.float64]


class LaneKernels:
    """Kernels of one lane form: mass action where its rates are, general rate laws otherwise."""

    def __init__(self, form: LaneForm) -> None:
        self.form = form
        self.mass_action: MassActionForm | None = mass_action_form(form)
        self._mass_action_kernel: CompiledKernel | None = None
        self._general: dict[tuple[int, ...], GeneralKernel] = {}

    def solve(
        self,
        y0: Array,
        segments: Sequence[tuple[float, Array]],
        *,
        t_out: Array,
        options: SolverOptions,
        progress: Callable[[int], None] | None = None,
    ) -> EnsembleSolution:
        """States over time, (n_rows, n_times, n_states), and what became of each row.

        Parameters
        ----------
        segments : times from which inputs (n_rows, n_inputs) are what, the first of them 0
        """
        form = self.mass_action
        k = None if form is None else _rate_constants(form, segments)
        if form is not None and k is not None:
            return self._of_mass_action(form).solve(
                y0,
                k[0],
                t_out=t_out,
                options=options,
                events=_events(segments, k),
                progress=progress,
            )
        inputs = [block for _, block in segments]
        is_negative = np.any([(block < 0.0).any(axis=0) for block in inputs], axis=0)
        signed = tuple(np.flatnonzero(is_negative).tolist())
        k = [_not_negative(block, signed) for block in inputs]
        return self._of_general(signed).solve(
            y0,
            k[0],
            t_out=t_out,
            options=options,
            events=_events(segments, k),
            progress=progress,
        )

    def kernel(self) -> EnsembleKernel:
        """What runs where no input is negative."""
        return (
            self._of_general(())
            if self.mass_action is None
            else self._of_mass_action(self.mass_action)
        )

    def _of_mass_action(self, form: MassActionForm) -> CompiledKernel:
        from mtorsim.codegen.kernel import compile_kernel

        if self._mass_action_kernel is None:
            self._mass_action_kernel = compile_kernel(form.structure)
        return self._mass_action_kernel

    def _of_general(self, signed: tuple[int, ...]) -> GeneralKernel:
        from mtorsim.codegen.general import GeneralStructure
        from mtorsim.codegen.general_kernel import GeneralKernel

        if signed not in self._general:
            self._general[signed] = GeneralKernel(GeneralStructure(self.form, signed))
        return self._general[signed]


def _events(segments: Sequence[tuple[float, Array]], k: Sequence[Array]) -> list[Event]:
    return [Event(t, k=block) for (t, _), block in zip(segments[1:], k[1:], strict=True)]


def _not_negative(inputs: Array, signed: Sequence[int]) -> Array:
    """Inputs as the general kernel takes them: none negative, at least one."""
    above = np.maximum(inputs, 0.0)
    below = np.maximum(-inputs[:, list(signed)], 0.0)
    k = np.concatenate([above, below], axis=1)
    return k if k.shape[1] else np.zeros((inputs.shape[0], 1))


def _rate_constants(
    form: MassActionForm, segments: Sequence[tuple[float, Array]]
) -> list[Array] | None:
    """Rate constants of each segment; None where one is negative, or there is none."""
    blocks = []
    for _, inputs in segments:
        k = np.empty((inputs.shape[0], len(form.coefficients)))
        for r, (coefficient, factors) in enumerate(
            zip(form.coefficients, form.inputs, strict=True)
        ):
            k[:, r] = coefficient
            for j in factors:
                k[:, r] *= inputs[:, j]
        if not k.shape[1] or (k < 0.0).any():
            return None
        blocks.append(k)
    return blocks
