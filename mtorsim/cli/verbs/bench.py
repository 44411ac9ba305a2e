"""``mtorsim bench``: counters and speed, against a stored baseline."""

import click

from mtorsim.cli import options
from mtorsim.cli.benchmarking import HEADERS, read_baseline, table_row
from mtorsim.cli.help import examples
from mtorsim.cli.installation import describe_machine
from mtorsim.cli.output import print_json, print_table

EXAMPLES = examples("mtorsim bench --quick", "mtorsim bench --quick --counters-only --json")


@click.command("bench", epilog=EXAMPLES)
@click.option("--quick", is_flag=True, help="One timed run of each problem.")
@click.option("--against", metavar="FILE", help="JSON of an earlier run; exit with 1 if worse.")
@click.option("--counters-only", is_flag=True, help="Leave out the timing against SciPy.")
@options.as_json
def command(quick: bool, against: str | None, counters_only: bool, as_json: bool) -> int:
    """Solve dose sweeps of mtor-core and print cost per trajectory.

    Counters are the same in every run; times are a ratio to SciPy in the same process.
    """
    baseline = None if against is None else read_baseline(against)
    import mtorsim
    from mtorsim.analysis.speed import measure_speed, regressions, speed_json

    model = mtorsim.load_native("mtor-core", drugs=("everolimus", "vistusertib"))
    doses = 0 if counters_only else 3
    records = measure_speed(model, repeats=1 if quick else 7, baseline_doses=doses)
    if as_json:
        print_json(speed_json(records, describe_machine()))
    else:
        print_table(HEADERS, map(table_row, records))
    worse = [] if baseline is None else regressions(records, baseline)
    for line in worse:
        click.echo(f"worse: {line}", err=True)
    return 1 if worse else 0
