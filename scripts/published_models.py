#!/usr/bin/env python3
"""The full model and published models on the insulin time course, each on its own scale.

    scripts/published_models.py --models-folder FOLDER --out out/published_models.png

Our model is starved, then given 100 nM insulin; the shading holds 90 % of its parameter sets. The
published models run as their files stand, with insulin there from time 0 on. Levels are divided by
their peak of the hour. Models without an insulin step in minutes (on amino acids, growth factors or
rapamycin) are left out. The files are those of BioModels, named by their accession numbers.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import mtorsim as mt

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "published"
MINUTES = np.linspace(0.0, 60.0, 121)
PANELS = {
    "IR pY": "pIR_Y",
    "AKT pT308": "pAKT_T308",
    "AKT pS473": "pAKT_S473",
    "S6K1 pT389": "pS6K1_T389",
}
PUBLISHED: Mapping[str, tuple[str, Mapping[str, tuple[str, ...]]]] = {
    "BIOMD0000000581": (
        "Dalle Pezze 2012",
        {
            "IR pY": ("species_21",),
            "AKT pT308": ("species_3", "species_4"),
            "AKT pS473": ("species_4",),
            "S6K1 pT389": ("species_17",),
        },
    ),
    "BIOMD0000000580": (
        "Sonntag 2012",
        {
            "IR pY": ("IR_beta_pY1146",),
            "AKT pT308": ("Akt_pT308",),
            "AKT pS473": ("Akt_pS473",),
            "S6K1 pT389": ("p70S6K_pT389",),
        },
    ),
    "BIOMD0000000448": (
        "Brännmark 2013",
        {
            "IR pY": ("IRp", "IRip"),
            "AKT pT308": ("PKB308p", "PKB308p473p"),
            "AKT pS473": ("PKB473p", "PKB308p473p"),
            "S6K1 pT389": ("S6Kp",),
        },
    ),
    "MODEL1204060000": (
        "Kubota 2012",
        {"AKT pS473": ("pAKT",), "S6K1 pT389": ("pS6K",)},
    ),
}
"""By accession number who published it, and by panel the species whose sum is drawn."""


def scaled(levels: np.ndarray) -> np.ndarray:
    """Levels (..., times) over their peak; nothing where there is no peak."""
    peak = levels.max(axis=-1, keepdims=True)
    return levels / np.where(peak > 0, peak, np.nan)


def draw_ours(panels: Mapping[str, Axes]) -> None:
    """The full model, with the band of its parameter sets."""
    model = mt.load("mtor").with_context("starved")
    insulin, times = {"Insulin": "100 nM"}, [60.0 * minute for minute in MINUTES[1:]]
    readouts = list(PANELS.values())
    run = model.simulate(at=[0.0, *times], inputs=insulin, readouts=readouts)
    sets = model.sweep(at=[0.0, *times], inputs=insulin, readouts=readouts, uncertainty=True)
    for title, axes in panels.items():
        low, high = np.nanquantile(scaled(sets[PANELS[title]]), [0.05, 0.95], axis=0)
        axes.fill_between(MINUTES, low, high, color="0.8", linewidth=0)
        axes.plot(MINUTES, scaled(run[PANELS[title]]), "k", linewidth=2, label="mtor")


def draw_published(path: Path, panels: Mapping[str, Axes]) -> None:
    """One published model."""
    authors, species = PUBLISHED[path.stem]
    names = sorted({name for group in species.values() for name in group})
    run = mt.load(path).simulate(at=MINUTES, readouts=names)
    for title, group in species.items():
        level = sum(run[name] for name in group)
        panels[title].plot(MINUTES, scaled(np.asarray(level)), label=f"{authors} ({path.stem})")


def main() -> None:
    """Draw the figure, or say what is missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--models-folder", type=Path, default=FOLDER)
    parser.add_argument("--out", type=Path, default=Path("out/published_models.png"))
    arguments = parser.parse_args()
    paths = [arguments.models_folder / f"{name}.xml" for name in PUBLISHED]
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        print(f"skipped: {arguments.models_folder} has no {', '.join(missing)}")
        return
    figure = Figure(figsize=(9.0, 6.6), layout="constrained")
    grid = figure.subplots(2, 2, sharex=True, sharey=True)
    panels = dict(zip(PANELS, grid.flat, strict=True))
    draw_ours(panels)
    for path in paths:
        draw_published(path, panels)
    for title, axes in panels.items():
        axes.set_title(title)
    for axes in grid[-1]:
        axes.set_xlabel("time after insulin (min)")
    figure.supylabel("level over its peak of the hour")
    figure.legend(
        *panels["S6K1 pT389"].get_legend_handles_labels(), loc="outside lower center", ncols=2
    )
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(arguments.out, dpi=150)
    print(arguments.out)


if __name__ == "__main__":
    main()
