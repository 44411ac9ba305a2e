"""Options that several verbs share, spelled and explained once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

import click

from mtorsim.cli.loading import ModelRequest
from mtorsim.errors import InputError

Verb = TypeVar("Verb", bound=Callable[..., Any])


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
force = click.option("--force", is_flag=True, help="Replace what is there.")
quiet = click.option("--quiet", is_flag=True, help="Print no progress bar and no summary.")
readouts = click.option(
    "--readout",
    "readouts",
    multiple=True,
    metavar="NAME,...",
    help="What to read out, separated by commas; all readouts of the model if left out.",
)
times = click.option(
    "--at",
    multiple=True,
    default=("2h,24h",),
    show_default=True,
    metavar="TIME,...",
    help="Times after the drug, separated by commas.",
)
dose_range = click.option(
    "--doses",
    default="200",
    show_default=True,
    metavar="[LOW:HIGH:]COUNT",
    help="Log-spaced doses, from 0.001 nM to 10 uM; bare ends are in nM.",
)
model_argument = click.argument("model")
input_argument = click.argument("model", metavar="IN")
model_option = click.option(
    "--model", default="mtor-core", show_default=True, help="Name of a model, or its file."
)
doses = click.option(
    "--dose",
    "given_doses",
    multiple=True,
    metavar="DRUG=DOSE",
    help="Give a drug from time 0, as everolimus=20nM; may be repeated.",
)
drugs = click.option(
    "--drug",
    "merged_drugs",
    multiple=True,
    metavar="DRUG",
    help="Merge this drug into the model; may be repeated.",
)
changes = (
    click.option(
        "--context",
        "contexts",
        multiple=True,
        metavar="NAME[+NAME]",
        help="Genotype, cell or condition instead of the model's first; A+B for both together.",
    ),
    click.option(
        "--without", multiple=True, metavar="LOOP", help="Cut this feedback loop; may be repeated."
    ),
    click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="NAME=VALUE",
        help="Another value of a parameter, input or initial amount; may be repeated.",
    ),
)


def gathered(
    name: str, request: Callable[..., Any], *options: Callable[[Any], Any], given: Iterable[str]
) -> Callable[[Verb], Verb]:
    """Give a verb options whose values it takes as one argument.

    Parameters
    ----------
    name : of the argument
    request : makes it from the values, by name
    given : names of the values; those of options that the verb does not have are left out
    """

    def decorate(verb: Verb) -> Verb:
        @wraps(verb)
        def with_request(*arguments: Any, **others: Any) -> Any:
            values = {key: others.pop(key) for key in given if key in others}
            return verb(*arguments, **{name: request(**values)}, **others)

        decorated: Any = with_request
        for option in reversed(options):
            decorated = option(decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


def model_request(*options: Callable[[Any], Any]) -> Callable[[Verb], Verb]:
    """Gather the options that describe a model into one ``ModelRequest``, called ``request``.

    Parameters
    ----------
    options : ``model_argument`` or ``model_option``, and ``doses`` or ``drugs``
        where the verb takes them
    """
    # Not "doses" and "drugs": verbs have ranges of doses and drugs of their own.
    names = ("model", "contexts", "without", "settings", "given_doses", "merged_drugs")
    return gathered("request", _model_request, *options, *changes, given=names)


def _model_request(
    *, given_doses: tuple[str, ...] = (), merged_drugs: tuple[str, ...] = (), **others: Any
) -> ModelRequest:
    return ModelRequest(doses=given_doses, drugs=merged_drugs, **others)


def _sets_wanted(wanted: bool | None, sets: int | None) -> bool | int | None:
    if sets is not None and wanted is False:
        raise InputError("--sets and --no-uncertainty contradict each other; leave one out")
    return wanted if sets is None else sets


uncertainty = gathered(
    "uncertainty",
    _sets_wanted,
    click.option(
        "--uncertainty/--no-uncertainty",
        "wanted",
        default=None,
        help="Bands over the parameter sets that the model comes with, or none.",
    ),
    click.option(
        "--sets",
        type=click.IntRange(min=1),
        metavar="COUNT",
        help="Bands over so many of the parameter sets.",
    ),
    given=("wanted", "sets"),
)
"""``--uncertainty`` and ``--sets``: None where nothing is said, True, False or a number."""
