"""The schedules that a command line asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import click

import mtorsim as mt
from mtorsim.analysis.schedule_request import EQUAL, named_schedules
from mtorsim.cli.parsing import space_units, time_with_unit
from mtorsim.simulate.regimen_text import read_schedule

Verb = TypeVar("Verb", bound=Callable[..., Any])

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


def schedule_request(verb: Verb) -> Verb:
    """Gather the options that describe schedules into one ``ScheduleRequest``."""

    @wraps(verb)
    def gathered(*arguments: Any, **given: Any) -> Any:
        names = ("span", "start", "equal", "target", "patients", "seed")
        others = {name: given.pop(name) for name in names}
        for name, option in (("span", "--for"), ("start", "--from")):
            others[name] = time_with_unit(others[name], option=option)
        first = {name: given.pop(name) for name in ("dose", "every", "against")}
        return verb(*arguments, asked=ScheduleRequest(**first, others=others), **given)

    decorated: Any = gathered
    for option in reversed(OPTIONS):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]
