"""The work-precision plot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

# Okabe and Ito, "Color universal design" (2008): told apart by colour-blind readers too.
COLOURS = {
    "mtorsim": "#d55e00",
    "libroadrunner": "#0072b2",
    "amici": "#009e73",
    "numbalsoda": "#cc79a7",
    "sksundae": "#56b4e9",
    "scipy": "#8c8c8c",
}
MARKERS = "osD^vP*X"


def plot_work_precision(result: dict[str, Any], path: Path) -> None:
    """Draw achieved error against time, a line a method."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 5.2), layout="constrained")
    axes = figure.add_subplot()
    methods = dict.fromkeys((r["peer"], r["method"]) for r in result["records"])
    seen: dict[str, int] = {}
    for peer, method in methods:
        rows = [
            r
            for r in result["records"]
            if (r["peer"], r["method"]) == (peer, method)
            and r["error_worst"] is not None
            and r["error_worst"] < float("inf")
        ]
        number = seen[peer] = seen.get(peer, -1) + 1
        axes.plot(
            [r["error_median"] for r in rows],
            [r["us_per_trajectory"] for r in rows],
            color=COLOURS.get(peer, "black"),
            marker=MARKERS[number % len(MARKERS)],
            linestyle="-" if number == 0 else (0, (3, 1 + number)),
            markersize=5,
            linewidth=1.4,
            label=f"{peer} {method}",
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.invert_xaxis()
    axes.set_xlabel("achieved error (worst species and time, median over trajectories)")
    axes.set_ylabel("processor time per trajectory, µs, one thread")
    axes.set_title(
        f"{result['model']}: {result['species']} species, {result['reactions']} reactions"
    )
    axes.grid(which="major", color="#dddddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=160)
