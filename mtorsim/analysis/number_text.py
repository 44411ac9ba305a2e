"""Numbers as people read them in sentences and tables."""

from __future__ import annotations

from math import floor, isfinite, log10


def three_figures(value: float) -> str:
    """Three significant figures, without an exponent from 1e-5 to 1e6: ``"0.45"``, ``"10000"``."""
    text = f"{value:.3g}"
    if "e" not in text or not isfinite(value):
        return text
    rounded = float(text)
    if 1e3 <= abs(rounded) < 1e6:
        return f"{rounded:.0f}"
    if 1e-5 <= abs(rounded) < 1e-3:
        return f"{rounded:.7f}".rstrip("0")
    return text


def three_digits(value: float) -> str:
    """Three significant digits with trailing zeros, for columns: ``"0.190"``, ``"40.5"``."""
    if not isfinite(value) or value == 0.0 or not 1e-5 <= abs(value) < 1e6:
        return three_figures(value)
    decimals = 2 - floor(log10(abs(float(f"{value:.3g}"))))
    return f"{value:.{decimals}f}" if decimals > 0 else three_figures(value)


def time_text(seconds: float) -> str:
    """A time in the unit people would say: ``"30 min"``, ``"2 h"``, ``"14 d"``."""
    if seconds < 60:
        return f"{three_figures(seconds)} s"
    if seconds < 3600:
        return f"{three_figures(seconds / 60)} min"
    if seconds <= 72 * 3600:
        return f"{three_figures(seconds / 3600)} h"
    return f"{three_figures(seconds / 86400)} d"


def dose_text(dose: float) -> str:
    """A dose in nM, or in µM from 1 µM up: ``"20 nM"``, ``"1.5 µM"``."""
    return f"{three_figures(dose)} nM" if dose < 1000 else f"{three_figures(dose / 1000)} µM"
