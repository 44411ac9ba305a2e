"""One readout against the dose of one drug: what a pharmacologist asks of such a curve.

A ``DoseResponse`` is measured data: values between the doses are interpolated (monotone cubic on
log-dose), never extrapolated. ``fit`` says what shape the curve has before it says an IC50:
a curve that does not move, turns back, or has too few points gets no IC50, and one whose middle
lies outside the doses tried gets a bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator
from scipy.optimize import brentq

from mtorsim.analysis.response_fit import LEAST_EFFECT, ResponseFit, fit_response
from mtorsim.errors import InputError
from mtorsim.simulate.quantities import read_numbers

if TYPE_CHECKING:
    from mtorsim.model import Model

Array = NDArray[np.float64]

DEFAULT_DOSES = np.geomspace(1e-3, 1e4, 200)
"""nM; from far below the IC50 of rapalogs to above the cell IC50 of weak ATP-site drugs."""


@dataclass(frozen=True, slots=True)
class CurveLabel:
    """What a curve is a curve of.

    Parameters
    ----------
    drug : id of the drug whose dose varies
    readout : id of the observable
    time : s after the drug
    context : id of the genotype, cell or condition; empty where none was asked for
    without : loops that are cut
    title : readout as written on an axis
    unit : unit of the response, ``"1"`` for a fraction
    """

    drug: str = ""
    readout: str = ""
    time: float = float("nan")
    context: str = ""
    without: tuple[str, ...] = ()
    title: str = ""
    unit: str = "1"


@dataclass(frozen=True, slots=True)
class DoseResponse:
    """Response at each dose, and without drug.

    Parameters
    ----------
    dose : (d,) array, nM, ascending, greater than 0; points that failed are left out
    response : (d,) array, unit of ``label.unit``
    control : response without drug, same unit
    label : what the curve is a curve of
    n_failed : points left out because their trajectory failed
    """

    dose: Array
    response: Array
    control: float
    label: CurveLabel = field(default_factory=CurveLabel)
    n_failed: int = 0

    def __post_init__(self) -> None:
        if self.dose.ndim != 1 or self.dose.shape != self.response.shape:
            raise InputError(
                f"doses {self.dose.shape} and responses {self.response.shape} differ in shape"
            )
        if np.any(self.dose <= 0) or np.any(np.diff(self.dose) <= 0):
            raise InputError("doses of a curve must be positive and ascending")

    @classmethod
    def from_points(
        cls, dose: Array, response: Array, *, label: CurveLabel | None = None
    ) -> DoseResponse:
        """Curve from doses in any order, of which one is 0, the control.

        Points that are not finite (failed trajectories) are left out and counted.

        Raises
        ------
        InputError : no point without drug, or it failed; a dose is negative or repeated
        """
        dose, response = np.asarray(dose, dtype=float), np.asarray(response, dtype=float)
        order = np.argsort(dose, kind="stable")
        dose, response = dose[order], response[order]
        if len(dose) == 0 or dose[0] != 0.0:
            raise InputError("a dose-response curve needs the response at dose 0, without drug")
        if not np.isfinite(response[0]):
            raise InputError(
                f"the response without drug is {response[0]:g}: a curve starts from a number"
            )
        keep = np.isfinite(response[1:])
        return cls(
            dose=_frozen(dose[1:][keep]),
            response=_frozen(response[1:][keep]),
            control=float(response[0]),
            label=label or CurveLabel(),
            n_failed=int(np.count_nonzero(~keep)),
        )

    def on(self, doses: Array) -> Array:
        """Responses in the order of ``doses``, NaN at those that are not among the points."""
        response_at = dict(zip(self.dose.tolist(), self.response.tolist(), strict=True))
        return np.array([response_at.get(dose, np.nan) for dose in np.asarray(doses).tolist()])

    def relative(self) -> Array:
        """(d,) response as a multiple of the control; NaN where the control is 0."""
        return np.asarray(self.response / self.control if self.control else self.response * np.nan)

    def value_at(self, dose: float) -> float:
        """Response at a dose, between the doses tried, or the control at dose 0.

        Raises
        ------
        InputError : the dose is outside the doses tried
        """
        if dose == 0.0:
            return self.control
        if not len(self.dose) or not self.dose[0] <= dose <= self.dose[-1]:
            tried = f"{self.dose[0]:g} to {self.dose[-1]:g} nM" if len(self.dose) else "none"
            raise InputError(f"dose {dose:g} nM is outside the doses tried ({tried})")
        return float(self._interpolant()(np.log10(dose)))

    def dose_at(self, response: float) -> float:
        """Lowest dose at which the response reaches a level, nM.

        Returns
        -------
        The dose; 0 where the level is already passed at the lowest dose tried, infinity where it
        is not reached by the highest
        """
        sign = np.sign(self.control - response)
        passed = np.flatnonzero(sign * (self.response - response) <= 0)
        if not len(passed):
            return float("inf")
        i = int(passed[0])
        if i == 0:
            return 0.0
        curve = self._interpolant()
        low, high = np.log10(self.dose[i - 1]), np.log10(self.dose[i])
        return float(10 ** brentq(lambda x: float(curve(x)) - response, low, high, xtol=1e-10))

    def inhibitory_dose(self, inhibition: float = 0.9) -> float:
        """Dose that takes this share off the control: 0.5 for the absolute IC50, 0.9 for the IC90.

        Returns
        -------
        nM; 0 below and infinity above the doses tried, as ``dose_at``

        Raises
        ------
        InputError : ``inhibition`` is not between 0 and 1, or the control is not positive
        """
        if not 0.0 < inhibition < 1.0:
            raise InputError(f"inhibition is {inhibition:g}: choose a share between 0 and 1")
        if not self.control > 0.0:
            raise InputError(f"{self.label.readout or 'the readout'} is 0 without drug: no IC")
        return self.dose_at((1.0 - inhibition) * self.control)

    def emax(self) -> float:
        """Largest change from the control over the doses tried, signed, as a share of the control.

        -1 means that nothing is left, 0.8 a rise to 1.8 of the level without drug; NaN where the
        control is 0.
        """
        change = self.relative() - 1.0
        return float(change[np.argmax(np.abs(change))]) if len(change) else float("nan")

    def auc(self) -> float:
        """Mean of the relative response over log-dose: 1 without effect, 0 for full loss."""
        if len(self.dose) < 2:
            return float("nan")
        x = np.log10(self.dose)
        return float(np.trapezoid(self.relative(), x) / (x[-1] - x[0]))

    def fit(self, *, level: float = 0.95, least_effect: float = LEAST_EFFECT) -> ResponseFit:
        """Shape, IC50 with interval, slope and plateau; see ``fit_response``."""
        return fit_response(
            self.dose, self.response, self.control, level=level, least_effect=least_effect
        )

    def _interpolant(self) -> PchipInterpolator:
        if len(self.dose) < 2:
            raise InputError("interpolation needs two doses or more")
        return PchipInterpolator(np.log10(self.dose), self.response)


def dose_response(
    model: Model,
    drug: str,
    *,
    readout: str,
    at: Any,
    doses: Sequence[Any] | Array | None = None,
) -> DoseResponse:
    """Response of one readout to one drug at one time, in the model as it stands.

    Parameters
    ----------
    at : time after the drug, ``"2 h"`` or s
    doses : ``"20 nM"`` or nM each, or ``mtorsim.doses("0.01 nM", "1 uM", 60)``; None takes 200
        from 0.001 nM to 10 µM. The control is added.

    Raises
    ------
    InputError : a dose or time means nothing, or the run without drug failed
    UnknownNameError : a drug or readout that the model does not have
    """
    asked = DEFAULT_DOSES if doses is None else doses
    tried = read_numbers(
        asked, dimension="concentration", default_unit="nM", what=f"dose of {drug}"
    )
    dose = np.unique(np.append(0.0, tried))
    result = model.sweep({drug: dose}, readouts=[readout], at=[at])
    label = CurveLabel(
        drug=drug,
        readout=readout,
        time=float(result.times[-1]),
        context="+".join(model.contexts),
        without=model.cut_loops,
        title=result.titles[0],
        unit=result.units[0],
    )
    return DoseResponse.from_points(dose, result[readout][:, -1], label=label)


def _frozen(values: Array) -> Array:
    values = np.array(values, dtype=np.float64)
    values.setflags(write=False)
    return values
