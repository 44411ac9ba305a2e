"""Writes docs/published_models.md and its figures: published models on this engine.

Deviations are computed anew; speeds are those that `benchmarks.published_models --json` stored.
"""

from __future__ import annotations

import argparse
import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from benchmarks.published_models import FOLDER, HORIZONS
from mtorsim.simulate.imported_engine import ImportedEngine
from mtorsim.solvers.options import SolverOptions

Array = NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "published_models.json"
DOCS = ROOT / "docs"
# Okabe and Ito (2008)
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")

#: amounts are some 1e-7 there, and its table holds the dose constant from the start
RAPAMYCIN = "BIOMD0000000822"
#: paper, unit of time, and what its figure shows
MODELS = {
    "BIOMD0000000581": (
        "Dalle Pezze 2012, Sci Signal 5:ra25",
        "min",
        "species_21 species_4 species_17 species_22",
    ),
    "BIOMD0000000580": (
        "Sonntag 2012, FEBS J 279:3314",
        "min",
        "Akt_pT308 p70S6K_pT389 AMPK_pT172 PRAS40_pS183",
    ),
    "BIOMD0000000640": (
        "Dalle Pezze 2016, Nat Commun 7:13254",
        "min",
        "mTORC1_pS2448 p70_S6K_pT229_pT389 Akt_pT308 AMPK_pT172",
    ),
    "BIOMD0000000822": ("Dorvash 2019, J Theor Biol 483:109992", "h", "mTOR Raptor mTORC1 mTORC2"),
    "BIOMD0000000823": (
        "Varusai & Nguyen 2018, Sci Rep 8:643",
        "s",
        "pmTORC1 pmTORC2 pAkt pDEPTOR",
    ),
    "BIOMD0000000448": ("Brännmark 2013, JBC 288:9867", "min", "IRp IRS1p PKB473p S6Kp"),
    "MODEL1204060000": ("Kubota 2012, Mol Cell 46:820", "min", "pAKT pGSK3b pS6K pFOX01"),
    "BIOMD0000000264": ("Fujita 2010, Sci Signal 3:ra56", "s", "pEGFR pAkt pS6 EGF_EGFR"),
    "BIOMD0000000651": (
        "Nguyen & Kholodenko 2016, Semin Cell Dev Biol 50:85",
        "arbitrary",
        "aAkt amTORC1 aS6K aERK",
    ),
}

#: where all that moves is over soon
SHOWN_UNTIL = {RAPAMYCIN: 20.0}
HEAD = """# Published models on this engine

Nine published models of mTOR, Akt and insulin signalling, in SBML as BioModels and its like have
them, beside libRoadRunner. `python -m benchmarks.published_page` writes this page and its figures
from the shared reference data and from the speeds that `python -m benchmarks.published_models
--json benchmarks/results/published_models.json` measured before (a quarter of an hour on an idle
machine).

*From reference*, *from doses* (the dose table): the largest difference of any species at any time
from the stored trajectories (libRoadRunner's CVODE at a relative tolerance of 1e-10), relative to
the species' own peak; ours at a relative tolerance of 1e-9. A dash: there is no table.

*Times faster*: processor time of a sweep of 1,000 parameter sets, constants of the rate laws
scattered by exp(0.3 z), ten output times: libRoadRunner's over ours, both on one thread and at the
same error of 1e-3, 3e-6 and 1e-8 of each species' peak, against LSODA at a relative tolerance of
1e-12; interpolated between tolerances, never extrapolated. First the best of our methods, in
brackets the default, `method="auto"`. One that is more accurate than that at its loosest tolerance
is timed there. libRoadRunner loads a model once, then resets it and takes the parameters of a set
in one call.

| model | paper | species | reactions | engine | from reference | from doses | 1e-3 | 3e-6 | 1e-8 |
|---|---|---|---|---|---|---|---|---|---|
ROWS

MEASURED
What limits the ratio: four fifths of our time and more are in the compiled solver; the rest, 2 to
3 µs a trajectory, makes start values and rate constants ready and gathers results. The laws of
BIOMD0000000823 and BIOMD0000000448 divide and take powers at every stage, where those of mass
action are products. BIOMD0000000580 has reactions of three reactants, for which extrapolation, the
method that is best at 1e-8 elsewhere, is not made; nor is it for general laws. BIOMD0000000823
oscillates, so that its steps stay short for as long as it is run.
"""


def read_table(path: Path) -> tuple[list[str], Array]:
    """Header and numbers of a table."""
    with path.open() as file:
        header, *rows = csv.reader(file)
    return header, np.array(rows, dtype=float)


def options_of(name: str) -> SolverOptions:
    """Tolerances at which a model is set against its reference."""
    return SolverOptions(rtol=1e-9, atol=1e-17 if name == RAPAMYCIN else 1e-11)


def deviation(values: Array, reference: Array) -> float:
    """Largest difference, relative to the peak of each species."""
    peak = np.abs(reference).max(axis=0)
    return float((np.abs(values - reference) / np.maximum(peak, 1e-9 * peak.max())).max())


def from_reference(name: str, model: ImportedEngine) -> float:
    """Deviation from the stored trajectory."""
    header, table = read_table(FOLDER / f"{name}.reference.csv")
    runs = model.simulate_many(table[:, 0], given={}, outputs=header[1:], options=options_of(name))
    return deviation(runs.values[0], table[:, 1:])


def from_doses(name: str, model: ImportedEngine) -> float | None:
    """Deviation from the stored dose table; None where there is none."""
    path = FOLDER / f"{name}.doses.csv"
    if not path.is_file():
        return None
    if name == RAPAMYCIN:
        model = ImportedEngine(replace(model.model, events=()))
    header, table = read_table(path)
    n_given = header.index("time")
    times = np.unique(table[:, n_given])
    runs = model.simulate_many(
        times,
        given={sid: table[:, i] for i, sid in enumerate(header[:n_given])},
        outputs=header[n_given + 1 :],
        options=options_of(name),
    )
    place = np.searchsorted(times, table[:, n_given])
    return deviation(runs.values[np.arange(len(table)), place], table[:, n_given + 1 :])


def draw(name: str, model: ImportedEngine, path: Path) -> None:
    """Lines of this engine, dots of the stored reference, each species over its peak."""
    _, unit, shown = MODELS[name]
    header, table = read_table(FOLDER / f"{name}.reference.csv")
    names = {species.id: species.name or species.id for species in model.model.species}
    end = SHOWN_UNTIL.get(name, HORIZONS[name])
    table = table[table[:, 0] <= end]
    times = np.linspace(0.0, end, 401)
    runs = model.simulate_many(times, given={}, outputs=shown.split(), options=options_of(name))
    figure = Figure(figsize=(4.2, 2.4), layout="constrained")
    axes = figure.add_subplot()
    for i, sid in enumerate(shown.split()):
        reference = table[:, header.index(sid)]
        peak = np.abs(runs.values[0, :, i]).max()
        axes.plot(times, runs.values[0, :, i] / peak, color=COLOURS[i], lw=1.3, label=names[sid])
        every = max(1, len(table) // 20)
        axes.plot(table[::every, 0], reference[::every] / peak, ".", color=COLOURS[i], ms=4)
    axes.set_xlabel(f"time ({unit})", fontsize=8)
    axes.set_ylabel("share of own peak", fontsize=8)
    axes.set_ylim(bottom=0.0)
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=6.5, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})


def speeds(result: dict[str, Any], name: str) -> str:
    """Cells of a row: how many times faster at each error, the best method and the default."""
    figures = result.get("models", {}).get(name)
    if figures is None:
        return "- | - | -"
    cells = []
    for target in ("1e-3", "3e-6", "1e-8"):
        best, automatic = (figures[key][target] for key in ("ratios", "ratios_auto"))
        cells.append(f"{_shown(best)} ({_shown(automatic)})")
    return " | ".join(cells)


def _shown(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.0f}"


def page(rows: list[str], result: dict[str, Any]) -> str:
    """The page."""
    machine = result.get("machine", {})
    measured = (
        f"Measured on {machine.get('processor', '?')}, one thread, libRoadRunner "
        f"{result.get('libroadrunner', '?')}, {machine.get('date', '?')}.\n"
    )
    figures = [
        f"## {name}: {MODELS[name][0]}\n\n![{name}](images/published/{name}.svg)\n"
        for name in MODELS
    ]
    text = HEAD.replace("ROWS", "\n".join(rows)).replace("MEASURED", measured)
    return "\n".join([text, *figures])


def main() -> None:
    """Write figures and page."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    mpl.rcParams["svg.hashsalt"] = "mtorsim"  # the same picture is the same file
    result = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    rows = []
    for name, (paper, _, _) in MODELS.items():
        model = ImportedEngine.from_sbml(FOLDER / f"{name}.xml")
        draw(name, model, DOCS / "images" / "published" / f"{name}.svg")
        doses = from_doses(name, model)
        engine = "mass action" if model.lane_kernels().mass_action else "general"
        cells = [name, paper, str(len(model.species)), str(len(model.model.reactions)), engine]
        cells += [f"{from_reference(name, model):.0e}", "-" if doses is None else f"{doses:.0e}"]
        rows.append(f"| {' | '.join(cells)} | {speeds(result, name)} |")
        print(rows[-1])
    (DOCS / "published_models.md").write_text(page(rows, result))


if __name__ == "__main__":
    main()
