#!/usr/bin/env python3
"""Run the worked examples of combinations and write docs/combination_examples.md with its pictures.

scripts/combination_examples.py                    all of them, full model, 25 doses of each drug
scripts/combination_examples.py --doses 9 --only gedatolisib+pd0325901 --docs FOLDER
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import mtorsim as mt

DOCS = Path(__file__).resolve().parent.parent / "docs"
HEAD = """# Worked examples of combinations

Written by `scripts/combination_examples.py`: no figure here is typed by hand.
[combinations.md](combinations.md) says what the scores mean. Every example is the full model
(`--model mtor`) in its first context, 24 h after both drugs were given. What was reported stands
beside what the model does; [validation.md](validation.md) says which experiments the constants of
the model were fitted to. Doses are what cells see, not what patients take. Research software; no
medical advice.
"""


@dataclass(frozen=True, slots=True)
class Example:
    """Two drugs, what to read out, and what is known of them.

    Parameters
    ----------
    readouts : the first gets the picture
    ranges : lowest and highest dose of each drug
    reported : what experiments show, with its source
    """

    drugs: tuple[str, str]
    readouts: tuple[str, ...]
    ranges: tuple[tuple[str, str], tuple[str, str]]
    title: str
    reported: str

    def command(self, doses: int) -> str:
        """The command line that prints the table and draws the picture."""
        given = " ".join(
            f"--doses {drug}={low}:{high}:{doses}".replace(" nM", "nM").replace(" uM", "uM")
            for drug, (low, high) in zip(self.drugs, self.ranges, strict=True)
        )
        readouts = ",".join(self.readouts)
        return (
            f"mtorsim combine {' '.join(self.drugs)} --model mtor \\\n"
            f"        --readout {readouts} --at 24h \\\n        {given} --out pair"
        )


RAPALOG, KINASE = ("0.01 nM", "100 nM"), ("1 nM", "10 uM")
EXAMPLES = (
    Example(
        ("gedatolisib", "pd0325901"),
        ("growth", "ppERK"),
        (("0.1 nM", "1 uM"), ("0.1 nM", "1 uM")),
        "PI3K/mTOR + MEK: gedatolisib + PD-0325901",
        "In head and neck cancer lines PF-384 (gedatolisib) inhibited targets of PI3K and "
        "mTOR strongly and those of MEK only in part; with PD-0325901 it showed combinatorial "
        "activity (Mohan et al., AACR abstract 2623, read). A PI3K/mTOR inhibitor raised "
        "ppERK in pancreatic lines (Soares et al. 2015, 10.1158/1535-7163.MCT-14-0669, "
        "abstract read).",
    ),
    Example(
        ("azd8055", "luminespib"),
        ("pAKT_S473", "pAKT_T308", "growth"),
        (KINASE, ("1 nM", "1 uM")),
        "mTOR + HSP90: AZD8055 + AUY922 (luminespib)",
        "In breast cancer lines each of the two took away an escape of the other: AZD8055 the "
        "induction of HSP70, AUY922 the rebound of AKT T308 (Chen et al. 2014, as told by the "
        "review zou2020 of models/sources.toml).",
    ),
    Example(
        ("everolimus", "sorafenib"),
        ("growth", "ppERK"),
        (RAPALOG, ("10 nM", "10 uM")),
        "mTOR + RAF and receptors: everolimus + sorafenib",
        "In rat hepatoma the two together reduced tumours more than either; everolimus "
        "lowered p4E-BP1 and sorafenib pERK (Mol Cancer Ther 2011, 10:1007, abstract read). "
        "In patients the randomised trial of both against sorafenib alone found no benefit "
        "(koeberle2016 of models/sources.toml, abstract read).",
    ),
    Example(
        ("everolimus", "lenvatinib"),
        ("growth", "ppERK"),
        (RAPALOG, ("1 nM", "10 uM")),
        "mTOR + VEGF and FGF receptors: everolimus + lenvatinib",
        "In renal cell carcinoma both together prolonged progression-free survival over "
        "everolimus alone (14.6 against 5.5 months; Motzer et al., Lancet Oncol 2015, trial "
        "NCT01136733, abstract read). That is largely an effect on vessels, which a model of "
        "one cell does not have.",
    ),
    Example(
        ("everolimus", "mk2206"),
        ("growth", "p4EBP1", "pAKT_S473"),
        (RAPALOG, KINASE),
        "Rapalog + AKT inhibitor: everolimus + MK-2206",
        "Rapalogs lift the brake of S6K1 on IRS1 and re-activate AKT (O'Reilly et al. 2006, "
        "Cancer Res), which is the reason to add an inhibitor of AKT. No measured surface of "
        "these two was found.",
    ),
    Example(
        ("everolimus", "pictilisib"),
        ("growth", "p4EBP1", "pAKT_S473"),
        (RAPALOG, KINASE),
        "Rapalog + PI3K inhibitor: everolimus + pictilisib",
        "In melanoma lines rapamycin at 1 nM already enhanced a PI3K inhibitor, beyond "
        "additivity (Aziz et al. 2010, 10.1158/1078-0432.CCR-10-1490, abstract read).",
    ),
)


HEADERS = (
    "readout",
    "null model",
    "scored",
    "mean excess",
    "most synergy",
    "most antagonism",
    "why not scored",
)


def table(combination: mt.Combination) -> list[str]:
    """A row per readout and null model."""
    rows = [f"| {' | '.join(HEADERS)} |", "|---" * len(HEADERS) + "|"]
    for surface in combination.surfaces:
        for null, words in mt.NULL_MODELS.items():
            score = mt.score_synergy(surface, null)
            best, worst = (
                "–" if x is None else f"{x.excess:+.3f} at {x.doses[0]:.3g} + {x.doses[1]:.3g} nM"
                for x in (score.most_synergy, score.most_antagonism)
            )
            mean = f"{score.mean:+.3f}" if score.n_scored else "–"
            cells = (
                surface.label.readout,
                words,
                f"{score.n_scored} of {score.n_cells}",
                mean,
                best,
                worst,
                "; ".join(why for why, _ in score.why_undefined) or "–",
            )
            rows.append(f"| {' | '.join(cells)} |")
    return rows


def effects(combination: mt.Combination) -> list[str]:
    """A sentence per readout: what the highest doses do alone and together."""
    lines = []
    for surface in combination.surfaces:
        alone = (surface.effect[-1, 0], surface.effect[0, -1])
        told = [
            f"{drug} {effect:.0%}{' (inert)' if inert else ''}"
            for drug, effect, inert in zip(combination.drugs, alone, surface.inert, strict=True)
        ]
        both = f"{surface.effect[-1, -1]:.0%}"
        readout = surface.label.readout
        lines.append(f"- effect of the highest doses on {readout}: {', '.join(told)}, both {both}")
    return lines


def picture(combination: mt.Combination, images: Path) -> str:
    """Draw the first readout into the folder of pictures; its file name."""
    name = f"combination_{'_'.join(combination.drugs)}.png"
    with tempfile.TemporaryDirectory() as folder:
        drawn = mt.write_combination(combination, folder)
        (first,) = [path for path in drawn if combination.surfaces[0].label.readout in path.name]
        images.mkdir(parents=True, exist_ok=True)
        shutil.move(first, images / name)
    return name


def section(example: Example, model: mt.Model, *, doses: int, docs: Path) -> list[str]:
    """The text of one example, its picture drawn."""
    combination = mt.combine(
        model,
        *example.drugs,
        readouts=example.readouts,
        at="24 h",
        doses={
            drug: (low, high, doses)
            for drug, (low, high) in zip(example.drugs, example.ranges, strict=True)
        },
    )
    name = picture(combination, docs / "images")
    return [
        f"\n## {example.title}\n",
        f"Reported: {example.reported}\n",
        f"    {example.command(doses)}\n",
        f"![{example.title}: effect, four scores and isobologram](images/{name})\n",
        *effects(combination),
        "",
        *table(combination),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--doses", type=int, default=25, help="of each drug")
    parser.add_argument("--only", help="one example, written DRUG+DRUG")
    parser.add_argument("--docs", type=Path, default=DOCS)
    given = parser.parse_args(arguments)
    chosen = [e for e in EXAMPLES if given.only in (None, "+".join(e.drugs))]
    if not chosen:
        parser.error(f"no example {given.only}: " + ", ".join("+".join(e.drugs) for e in EXAMPLES))
    # One network with every drug, so that all examples share one kernel.
    model = mt.load("mtor").with_drugs(*{drug for example in chosen for drug in example.drugs})
    lines = [HEAD]
    for example in chosen:
        lines += section(example, model, doses=given.doses, docs=given.docs)
    page = given.docs / "combination_examples.md"
    page.write_text("\n".join(lines) + "\n")
    print(f"{page}: {len(chosen)} examples")


if __name__ == "__main__":
    main()
