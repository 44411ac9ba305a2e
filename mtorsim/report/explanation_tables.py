"""An explanation in words and tables: for a terminal, and as JSON for other programs."""

from __future__ import annotations

import json
import textwrap
from typing import Any

from mtorsim.analysis.explanation import Explanation
from mtorsim.analysis.explanation_shapley import LoopGame
from mtorsim.analysis.number_text import dose_text, three_digits, three_figures, time_text
from mtorsim.report.plain import plain_ascii, plain_json
from mtorsim.report.tables import Table, as_text
from mtorsim.report.words import joined, percent, readable

SHOWN_FLUXES = 12
SHOWN_PAIRS = 3

LOOP_NOTE = (
    "Multiples of the level without drug. A clamped loop reads the level that its signal had "
    "before the drug; a cut loop is off, and the cell is at rest without it before the drug. "
    "Alone: what the loop adds where no other acts. Last: what is lost when it alone stops. "
    "Share: the mean over every order of switching the loops on (Shapley value); shares and the "
    "direct effect add up to the level reached."
)
FLUX_NOTE = (
    "Largest changes of rate, per hour and molecule of the component that changes; both directions "
    "of a reversible reaction together."
)


def explanation_sentence(explanation: Explanation) -> str:
    """What changed, and how much of it each loop and the drug itself make, in words."""
    game = explanation.clamped
    where = f" in {joined(explanation.contexts)}" if explanation.contexts else ""
    given = joined([f"{drug} {dose_text(dose)}" for drug, dose in explanation.drugs.items()])
    shares = sorted(zip(game.shares, game.loops, strict=True), key=lambda pair: -abs(pair[0]))
    largest, loop = shares[0]
    return (
        f"{readable(explanation.title)} under {given} for {time_text(explanation.time)}{where}: "
        f"{three_figures(explanation.before)} to {three_figures(explanation.after)}, "
        f"{_times(explanation.fold)} its level without drug. With every loop held at its level "
        f"before the drug it would stand at {_times(game.direct)}; of what the loops add, "
        f"{readable(explanation.title_of(loop))} has the largest share, {signed_multiple(largest)}."
    )


def loop_table(explanation: Explanation) -> Table:
    """What each loop adds when the others are clamped, and when they are cut."""
    headings = ["loop"]
    for kind in ("clamped", "cut"):
        headings += [f"{kind}: alone", "last", "share"]
    rows = []
    games = (explanation.clamped, explanation.cut)
    for i, loop in enumerate(explanation.cut.loops):
        cells = [readable(explanation.title_of(loop))]
        for game in games:
            cells += [signed_multiple(v[i]) for v in (game.add_one, game.cut_one, game.shares)]
        rows.append(tuple(cells))
    rows.append(_sum_row("all loops", [signed_multiple(g.folds[-1] - g.direct) for g in games]))
    rows.append(_sum_row("drug alone, no loop", [three_digits(g.direct) for g in games]))
    rows.append(_sum_row("level reached", [three_digits(float(g.folds[-1])) for g in games]))
    return Table(LOOP_NOTE, tuple(headings), tuple(rows), 1)


def interaction_table(explanation: Explanation) -> Table:
    """Pairs of loops that do not add up."""
    rows = [
        (
            game.kind,
            readable(explanation.title_of(one)),
            readable(explanation.title_of(other)),
            signed_multiple(value),
        )
        for game in (explanation.clamped, explanation.cut)
        for one, other, value in game.largest_interactions(SHOWN_PAIRS)
    ]
    caption = (
        "Loops that do not add up: what two do together beyond what each does, the others acting."
    )
    return Table(caption, ("others", "loop", "and", "beyond their sum"), tuple(rows), 3)


def occupancy_table(explanation: Explanation) -> Table:
    """Shares of targets that the drugs hold."""
    rows = [(entry.title, percent(entry.value)) for entry in explanation.occupancies]
    caption = f"Target occupancy at {time_text(explanation.time)}."
    return Table(caption, ("target", "held"), tuple(rows), 1)


def flux_table(explanation: Explanation) -> Table:
    """The reactions whose rate changes most."""
    rows = [
        (
            entry.id,
            entry.equation,
            entry.component,
            three_digits(entry.turnover_before),
            three_digits(entry.turnover_after),
        )
        for entry in explanation.change.largest_flux_changes(SHOWN_FLUXES)
    ]
    headings = ("reaction", "equation", "per molecule of", "before (1/h)", "after (1/h)")
    return Table(FLUX_NOTE, headings, tuple(rows), 3)


def explanation_tables(explanation: Explanation) -> tuple[Table, ...]:
    """Every table that has rows."""
    tables = (loop_table, interaction_table, occupancy_table, flux_table)
    return tuple(table for make in tables if (table := make(explanation)).rows)


def explanation_text(explanation: Explanation) -> str:
    """What a terminal shows, in plain ASCII."""
    sentence = "\n".join(textwrap.wrap(plain_ascii(explanation_sentence(explanation)), 96))
    tables = [as_text(table) for table in explanation_tables(explanation)]
    return "\n\n".join([sentence, *tables]) + "\n"


def explanation_record(explanation: Explanation) -> dict[str, Any]:
    """Everything in plain types; levels in the unit of the readout, contributions in multiples."""
    return {
        "format": "mtorsim explanation 1",
        "sentence": explanation_sentence(explanation),
        "model": explanation.model.id,
        "model_fingerprint": explanation.model.fingerprint,
        "contexts": list(explanation.contexts),
        "without": list(explanation.without),
        "drugs_nM": dict(explanation.drugs),
        "time_h": explanation.time / 3600.0,
        "readout": explanation.readout,
        "unit": explanation.unit,
        "before": explanation.before,
        "after": explanation.after,
        "fold": explanation.fold,
        "clamped": _game_record(explanation.clamped),
        "cut": _game_record(explanation.cut),
        "occupancy": {entry.readout: entry.value for entry in explanation.occupancies},
        "fluxes": [
            {
                "reaction": entry.id,
                "module": entry.module,
                "equation": entry.equation,
                "before_nM_per_s": entry.before,
                "after_nM_per_s": entry.after,
                "component": entry.component,
                "turnover_before_per_h": entry.turnover_before,
                "turnover_after_per_h": entry.turnover_after,
            }
            for entry in explanation.change.largest_flux_changes(SHOWN_FLUXES)
        ],
    }


def explanation_json(explanation: Explanation) -> str:
    """``explanation_record`` as text."""
    return json.dumps(plain_json(explanation_record(explanation)), indent=1, ensure_ascii=False)


def _game_record(game: LoopGame) -> dict[str, Any]:
    """One game; ``levels`` by the loops that act, joined by ``+``."""
    names = [
        "+".join(loop for i, loop in enumerate(game.loops) if number >> i & 1)
        for number in range(len(game.folds))
    ]
    return {
        "direct": game.direct,
        "share": dict(zip(game.loops, game.shares.tolist(), strict=True)),
        "alone": dict(zip(game.loops, game.add_one.tolist(), strict=True)),
        "last": dict(zip(game.loops, game.cut_one.tolist(), strict=True)),
        "interactions": [
            {"loops": [one, other], "beyond_their_sum": value}
            for one, other, value in game.largest_interactions(len(game.loops) ** 2)
        ],
        "before": dict(zip(names, game.before.tolist(), strict=True)),
        "after": dict(zip(names, game.after.tolist(), strict=True)),
    }


def _sum_row(name: str, values: list[str]) -> tuple[str, ...]:
    return (name, *(cell for value in values for cell in ("", "", value)))


def signed_multiple(value: float) -> str:
    """A contribution in multiples, two decimals with its sign."""
    text = f"{value:+.2f}".replace("-", "−")
    return "0.00" if text[1:] == "0.00" else text


def _times(fold: float) -> str:
    return f"{three_figures(fold)} times"
