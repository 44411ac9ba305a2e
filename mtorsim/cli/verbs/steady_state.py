"""``mtorsim steady-state``: where a model comes to rest."""

from math import isnan

import click

import mtorsim as mt
from mtorsim.cli import options
from mtorsim.cli.help import examples
from mtorsim.cli.loading import ModelRequest
from mtorsim.cli.output import print_json, print_table
from mtorsim.cli.parsing import split_readouts
from mtorsim.cli.progress import progress_bar
from mtorsim.cli.results import UNDEFINED

EXAMPLES = examples(
    "mtorsim steady-state mtor-core --dose everolimus=20nM --readout pS6K1_T389,pAKT_S473",
    "mtorsim steady-state model.xml --set k1=0.5",
)


@click.command("steady-state", epilog=EXAMPLES)
@options.model_request(options.model_argument, options.doses)
@options.readouts
@options.as_json
@options.quiet
def command(
    *, request: ModelRequest, readouts: tuple[str, ...], as_json: bool, quiet: bool
) -> None:
    """Find where MODEL comes to rest, with drugs held at their doses, and whether it is stable."""
    with progress_bar(quiet=quiet):
        state = request.load_any_in_context().steady_state(
            drugs=request.drug_doses(), readouts=split_readouts(readouts) or None
        )
    for name, value in state.readouts.items():
        if isnan(value):
            click.echo(f"mtorsim: warning: {name} is not a number: {UNDEFINED}", err=True)
    if as_json:
        print_json(
            {
                "readouts": dict(state.readouts),
                "units": dict(state.units),
                **_details(state),
            }
        )
        return
    rows = [[name, value, state.units[name]] for name, value in state.readouts.items()]
    print_table(["readout", "value", "unit"], rows)
    stability = "stable" if state.stable else "not stable"
    slowest = state.clock.text(state.slowest_time)
    click.echo(f"\n{stability}; the slowest mode has a time of {slowest.removeprefix('time ')}")


def _details(state: mt.SteadyState) -> dict[str, object]:
    """What is known of the state; of an imported model in its own units."""
    amounts = dict(zip(state.species, state.amounts.tolist(), strict=True))
    if state.clock.is_native:
        return {
            "amounts_nM": amounts,
            "stable": state.stable,
            "slowest_time_s": state.slowest_time,
            "residual_nM_per_s": state.residual,
        }
    return {
        "amounts": amounts,
        "stable": state.stable,
        "slowest_time": state.slowest_time,
        "residual": state.residual,
        "time_unit": state.clock.unit,
    }
