"""The evidence panel: what experiments show, as protocols with a readout and an expected band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MEASURES = {
    "value": "level at a time",
    "peak": "largest level in a window",
    "lowest": "least level in a window",
    "peak_time": "time of the largest level, from the start of the window",
    "half_rise": "time at which half of the way from the start to the peak is passed",
    "half_fall": "time after which half of the level at the start of the window is left",
    "half_dose": "dose with half of the effect of the highest dose",
    "half_level": "dose that leaves half of the untreated level; the highest dose if none does",
    "hill": "slope of a dose-response, from the doses with 10 % and 90 % of the effect",
    "suppression": "part of the untreated level that is lost",
    "combination_index": "sum of doses over the single doses that do as much",
}
"""What can be read off the arms of a row."""

WINDOWED = ("peak", "lowest", "peak_time", "half_rise", "half_fall")
"""Measures of a whole window rather than of its end."""

BASES = ("reported", "reported-range", "acceptance")
SETS = ("fit", "held-out")


@dataclass(frozen=True, slots=True)
class Change:
    """Doses and inputs, nM, that begin at a time, s; a dose of 0 is a wash-out."""

    time: float
    drugs: Mapping[str, float] = field(default_factory=dict)
    inputs: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Series:
    """Doses of a drug or levels of an input along which an arm is repeated, nM."""

    name: str
    doses: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Arm:
    """One branch of an experiment: at rest in its contexts, then changed.

    Parameters
    ----------
    contexts : genotypes, cells and conditions that act together
    changes : what is done when, by time
    series : repeats the arm along doses that begin at time 0
    cut : feedback loops that are off, before the drug too
    """

    name: str
    contexts: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    series: Series | None = None
    cut: tuple[str, ...] = ()

    @property
    def drugs(self) -> frozenset[str]:
        """Drugs that the arm is given; a series may be one, which the model decides."""
        return frozenset(name for change in self.changes for name in change.drugs)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number read off the arms of a row.

    Parameters
    ----------
    measure : key of ``MEASURES``
    arms : names of arms; of several the least value counts. For ``combination_index`` the
        combination and two series, for ``suppression`` the treated and the untreated
    start, end : s; the window, or ``end`` alone the time
    """

    readout: str
    measure: str
    arms: tuple[str, ...]
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Check:
    """A quantity, divided by another or less another, and the band it should lie in.

    Parameters
    ----------
    low, high : in ``unit``, a number of time or concentration, or 1
    factor : nM or s in one ``unit``
    """

    what: str
    quantity: Quantity
    low: float
    high: float
    unit: str = "1"
    factor: float = 1.0
    over: Quantity | None = None
    minus: Quantity | None = None

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The quantities that it needs."""
        return tuple(q for q in (self.quantity, self.over, self.minus) if q is not None)


@dataclass(frozen=True, slots=True)
class PanelRow:
    """A behaviour that an experiment shows; it holds where all its checks do.

    Parameters
    ----------
    basis : ``"reported"`` and ``"reported-range"`` are data; ``"acceptance"`` is a threshold
        drawn round a direction
    set : ``"fit"`` or ``"held-out"``, fixed before any fitting
    sources : keys of ``sources.toml``
    duration : s, length of the protocol
    origin : ``"panel/rapalog.toml:12"``
    """

    id: str
    topic: str
    what: str
    sources: tuple[str, ...]
    basis: str
    set: str
    duration: float
    arms: Mapping[str, Arm]
    checks: tuple[Check, ...]
    note: str = ""
    origin: str = ""
