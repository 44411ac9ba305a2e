"""Names and numbers as they stand in figures, tables and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf, isnan

from mtorsim.analysis.comparison import Comparison, CurveRow
from mtorsim.analysis.comparison_bands import Band
from mtorsim.analysis.number_text import dose_text, three_digits, three_figures

NO_VALUE = "–"


def readable(title: str) -> str:
    """A title with drawn arrows, fit for a list: what follows a comma goes into brackets.

    ``"S6K1 -| IRS1"`` becomes ``"S6K1 ⊣ IRS1"``, ``"4E-BP1, any site"`` ``"4E-BP1 (any site)"``.
    """
    drawn = title.replace("-|", "⊣").replace("->", "→")
    name, comma, detail = drawn.partition(", ")
    return f"{name} ({detail})" if comma else name


def title_of(comparison: Comparison, name: str) -> str:
    """Title of a drug, context, readout or loop with drawn arrows, its id where it has none."""
    return readable(comparison.title(name))


def percent(share: float) -> str:
    """A share as a percentage, ``"90 %"``; finer below 10 %, a dash for NaN."""
    if isnan(share):
        return NO_VALUE
    return f"{percent_number(share)} %"


def percent_number(share: float) -> str:
    """The same without the sign of per cent, ``"180"``, ``"2.4"``."""
    if isnan(share):
        return NO_VALUE
    number = 100 * share
    text = f"{number:#.2g}" if 0 < abs(number) < 9.95 else f"{number:.0f}"
    return "0" if abs(number) < 0.01 else text.replace("-", "−")


def signed_percent(share: float) -> str:
    """A change as a percentage with its sign, ``"+80 %"``, ``"−96 %"``."""
    return f"{signed_number(share)} %" if not isnan(share) else NO_VALUE


def signed_number(share: float) -> str:
    """A change in percentage points with its sign, ``"+80"``, ``"−0.4"``."""
    text = percent_number(share)
    return f"+{text}" if share > 0 and text != "0" else text


def equal_dose_text(dose: float, comparison: Comparison, drug: str) -> str:
    """The dose of equal effect, or why there is none inside the doses tried."""
    low, high, _ = comparison.options.doses[drug]
    if isinf(dose):
        return f"not reached by {dose_text(high)}"
    return f"below {dose_text(low)}" if dose == 0.0 else dose_text(dose)


def ic50_cell(row: CurveRow, band: Band | None = None) -> str:
    """IC50 in nM for a table, or what the curve does instead.

    In brackets the range over parameter sets where there is one, else the fit interval.
    """
    fit = row.fit
    if fit.turn is not None:
        dose, level = fit.turn
        share = level / row.curve.control
        return f"turns at {three_figures(dose)} ({percent(share)})"
    if band is None:
        text = fit.ic50_text("").strip()
    else:
        text = fit.ic50_text("", interval=False).strip()
        text += _dose_range(band.ic50, band) if fit.has_ic50 else ""
    return f"{text}, two steps" if fit.shape == "two-phase" else text


def _dose_range(ends: tuple[float, float], band: Band) -> str:
    """A range of doses in brackets; nothing where there is none."""
    if any(map(isnan, ends)):
        return ""
    low, high = (
        f"< {three_figures(band.x[0])}"
        if dose == 0.0
        else f"> {three_figures(band.x[-1])}"
        if isinf(dose)
        else three_digits(dose)
        for dose in ends
    )
    return f" ({low} to {high})"


def emax_cell(row: CurveRow, band: Band | None = None) -> str:
    """Largest change from no drug for a table, with its range over parameter sets."""
    text = signed_percent(row.emax)
    if band is None or any(map(isnan, band.emax)):
        return text
    return f"{text} ({signed_number(band.emax[0])} to {signed_number(band.emax[1])})"


def percent_range(ends: tuple[float, float]) -> str:
    """A range of shares in brackets, ``" (110 to 180)"``; nothing where there is none."""
    if any(map(isnan, ends)):
        return ""
    return f" ({percent_number(ends[0])} to {percent_number(ends[1])})"


def joined(words: Sequence[str]) -> str:
    """``"a"``, ``"a and b"``, ``"a, b and c"``."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def in_turn(words: Sequence[str]) -> str:
    """The words joined in order, or the one word where all are the same."""
    return words[0] if len(set(words)) == 1 else joined(words)
