"""What a comparison of drugs holds: curves, their fits, what each loop adds, time courses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mtorsim.analysis.comparison_bands import BAND_DOSES, NO_RANGE, ComparisonBands, Range
from mtorsim.analysis.dose_response import CurveLabel, DoseResponse
from mtorsim.analysis.response_fit import ResponseFit
from mtorsim.errors import UnknownNameError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ComparisonOptions:
    """What was asked.

    Parameters
    ----------
    drugs, contexts, readouts : ids, in the order asked for; contexts hold ``""`` where none was
    loops : loops that are cut one at a time
    doses : (low, high, number) per drug, nM, log-spaced
    at : s, times at which doses are compared
    reference : readout whose inhibition makes doses of different drugs comparable
    watched : readout that is looked at there
    inhibition : share taken off the reference readout, 0.9 for its IC90
    level : confidence level of fit intervals
    n_sets : parameter sets that bands are drawn over, 0 for no bands
    """

    drugs: tuple[str, ...]
    contexts: tuple[str, ...]
    readouts: tuple[str, ...]
    loops: tuple[str, ...]
    doses: Mapping[str, tuple[float, float, int]]
    at: tuple[float, ...]
    reference: str
    watched: str
    inhibition: float = 0.9
    level: float = 0.95
    n_sets: int = 0

    def dose_values(self, drug: str) -> Array:
        """Doses of a drug, nM, ascending, without the control."""
        low, high, number = self.doses[drug]
        return np.geomspace(low, high, number)

    def band_doses(self, drug: str) -> Array:
        """Those of the doses that every parameter set is run at, both ends among them."""
        doses = self.dose_values(drug)
        steps = np.linspace(0, len(doses) - 1, min(len(doses), BAND_DOSES))
        return doses[np.round(steps).astype(np.intp)]

    @property
    def loop_settings(self) -> tuple[tuple[str, ...], ...]:
        """Loops cut in each setting: none first, then each alone."""
        return ((), *((loop,) for loop in self.loops))


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """A parameter of a context that differs from the default, in the unit of the model file."""

    context: str
    id: str
    value: float
    default: float
    unit: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """Which model gave the numbers.

    Parameters
    ----------
    fingerprint : of the network and of the numbers without drug
    n_parameters, n_fitted, n_assumed : parameters in all, fitted to behaviours, and guessed
    changes : parameters that differ from the default, per context
    sources : (key, citation) of what the parameters and loops rest on
    titles : drug, context, readout and loop ids -> words for people
    """

    id: str
    title: str
    fingerprint: str
    package_version: str
    n_species: int
    n_reactions: int
    n_parameters: int = 0
    n_fitted: int = 0
    n_assumed: int = 0
    changes: tuple[ParameterChange, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CurveRow:
    """A row of the table: one curve and what is said of it.

    Parameters
    ----------
    fit : shape, IC50 and Hill parameters
    emax : largest change from no drug, share of the control
    auc : mean of the relative response over log-dose
    equal_dose : dose of ``ComparisonOptions.inhibition`` of the reference readout in the same
        drug, context, time and loop setting, nM; 0 or infinity outside the doses tried
    level_at_equal_dose : this readout there, as a multiple of no drug; NaN where there is no dose
    """

    curve: DoseResponse
    fit: ResponseFit
    emax: float
    auc: float
    equal_dose: float
    level_at_equal_dose: float

    @property
    def label(self) -> CurveLabel:
        """What the curve is a curve of."""
        return self.curve.label


@dataclass(frozen=True, slots=True)
class LoopContribution:
    """What one loop adds to a readout under a drug.

    Parameters
    ----------
    dose : nM, the dose of equal effect with all loops on
    all_on, cut : the readout there as a multiple of its own level without drug
    range : of the contribution over parameter sets at the same dose; NaN where none were run
    """

    drug: str
    context: str
    time: float
    readout: str
    loop: str
    dose: float
    all_on: float
    cut: float
    range: Range = NO_RANGE

    @property
    def contribution(self) -> float:
        """All loops on minus this one cut, in multiples of the level without drug."""
        return self.all_on - self.cut


@dataclass(frozen=True, slots=True)
class TimeCourse:
    """One readout over time at one dose.

    Parameters
    ----------
    times : (t,) s after the drug, from 0
    values : (t,) unit of the readout; NaN from the time a trajectory failed
    control : level without drug
    """

    label: CurveLabel
    dose: float
    times: Array
    values: Array
    control: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Drugs side by side over doses, contexts, loops and times; made by ``compare``.

    Parameters
    ----------
    model : which model it is of, with its sources
    options : what was asked for, with what was left out filled in
    rows : one per drug, context, loop setting, time and readout
    loop_contributions : one per drug, context, time, readout and loop
    time_courses : one per drug, context, loop setting and readout
    time_course_doses : nM per drug
    timing : seconds of ``compile``, ``run``, ``fit`` and ``total``
    n_trajectories : trajectories solved
    solver : method, precision and tolerances of the sweeps, and versions of the libraries used
    failures : one line per failed trajectory
    bands : of every curve and time course over parameter sets, None where none were asked for
    """

    model: ModelRecord
    options: ComparisonOptions
    rows: tuple[CurveRow, ...]
    loop_contributions: tuple[LoopContribution, ...]
    time_courses: tuple[TimeCourse, ...]
    time_course_doses: Mapping[str, float]
    timing: Mapping[str, float]
    n_trajectories: int
    solver: Mapping[str, str | int | float] = field(default_factory=dict)
    failures: tuple[str, ...] = ()
    bands: ComparisonBands | None = None

    def row(
        self, drug: str, readout: str, *, time: float, context: str, without: tuple[str, ...] = ()
    ) -> CurveRow:
        """The row of one curve.

        Raises
        ------
        UnknownNameError : no such curve was computed
        """
        wanted = (drug, readout, time, context, without)
        for row in self.rows:
            label = row.label
            if wanted == (label.drug, label.readout, label.time, label.context, label.without):
                return row
        raise UnknownNameError("curve", str(wanted), [])

    def title(self, name: str) -> str:
        """Words for the id of a drug, context, readout or loop."""
        return self.model.titles.get(name) or name

    def no_drug_level(self, readout: str, context: str, without: tuple[str, ...] = ()) -> float:
        """Level of a readout without drug, unit of the readout."""
        drug, time = self.options.drugs[0], self.options.at[0]
        row = self.row(drug, readout, time=time, context=context, without=without)
        return row.curve.control
