"""The schedules that a command line asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

import mtorsim as mt
from mtorsim.analysis.schedule_request import EQUAL, named_schedules
from mtorsim.cli import options
from mtorsim.cli.parsing import space_units, time_with_unit
from mtorsim.simulate.regimen_text import read_schedule

OPTIONS = (
    click.option(
        "--dose", required=True, metavar="SCHEDULE", help="Like 10mg, or a whole schedule."
    ),
    click.option("--every", metavar="TIME", help="Time between doses, if --dose does not say it."),
    click.option("--for", "span", required=True, metavar="TIME", help="End of the runs, like 14d."),
    click.option("--from", "start", default="0 h", metavar="TIME", help="Averages are from here."),
    click.option(
        "--against", multiple=True, metavar="SCHEDULE", help="Another schedule; repeatable."
    ),
    click.option("--equal", type=click.Choice(EQUAL), help="Scale the others to equal this."),
    click.option("--target", default=0.9, show_default=True, help="Inhibition that time is above."),
    click.option("--patients", default=0, metavar="N", help="Draw patients; give their ranges."),
    click.option("--seed", default=1, show_default=True, help="Of the draws."),
)


@dataclass(frozen=True, slots=True)
class ScheduleRequest:
    """Schedules and how to compare them, as written.

    Parameters
    ----------
    dose, every : the first schedule; ``every`` belongs to ``dose``
    against : the others
    others : arguments of ``compare_schedules``
    """

    dose: str
    every: str | None
    against: tuple[str, ...]
    others: dict[str, Any]

    def compare(
        self, model: mt.Model, drug: str, *, readouts: Sequence[str]
    ) -> mt.ScheduleComparison:
        """Run the schedules of ``drug``; no readouts takes the usual ones.

        Raises
        ------
        InputError, UnitsError, UnknownNameError : a schedule, time or name can not be used
        """
        words = self.dose
        if self.every is not None:
            words += f" every {time_with_unit(self.every, option='--every')}"
        texts = [space_units(text) for text in (words, *self.against)]
        schedules = named_schedules([read_schedule(text, drug=drug) for text in texts])
        return mt.compare_schedules(model, schedules, readouts=readouts or None, **self.others)


def _read_request(
    *, dose: str, every: str | None, against: tuple[str, ...], span: str, start: str, **others: Any
) -> ScheduleRequest:
    times = {"span": time_with_unit(span, option="--for")}
    times["start"] = time_with_unit(start, option="--from")
    return ScheduleRequest(dose, every, against, {**others, **times})


schedule_request = options.gathered(
    "asked",
    _read_request,
    *OPTIONS,
    given=("dose", "every", "against", "span", "start", "equal", "target", "patients", "seed"),
)
"""Gathers the options that describe schedules into one ``ScheduleRequest``, called ``asked``."""
