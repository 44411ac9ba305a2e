"""``mtorsim bench``: counters and speed, against a stored baseline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mtorsim.cli import options
from mtorsim.cli.help import examples
from mtorsim.cli.installation import describe_machine
from mtorsim.cli.output import print_json, print_table
from mtorsim.errors import InputError

if TYPE_CHECKING:
    from mtorsim.analysis.speed import SpeedRecord

EXAMPLES = examples(
    "mtorsim bench --quick",
    "mtorsim bench --json > speed.json",
    "mtorsim bench --against benchmarks/baseline.json",
)


@click.command("bench", epilog=EXAMPLES)
@click.option("--quick", is_flag=True, help="One timed run of each problem.")
@click.option("--against", metavar="FILE", help="JSON of an earlier run; exit with 1 if worse.")
@click.option("--counters-only", is_flag=True, help="Time nothing: for machines that are shared.")
@options.as_json
def command(quick: bool, against: str | None, counters_only: bool, as_json: bool) -> int:
    """Solve dose sweeps of mtor-core and print cost per trajectory.

    Counters are the same in every run; times are a ratio to SciPy in the same process.
    """
    baseline = None if against is None else read_baseline(against)
    import mtorsim
    from mtorsim.analysis.speed import measure_speed, regressions, speed_json

    model = mtorsim.load("mtor-core", drugs=("everolimus", "vistusertib"))
    records = measure_speed(
        model, repeats=1 if quick else 7, baseline_doses=0 if counters_only else 3
    )
    if as_json:
        print_json(speed_json(records, describe_machine()))
    else:
        headers = ["problem", "method", "steps", "rejected", "us/trajectory", "x SciPy BDF"]
        print_table(headers, [_row(record) for record in records])
    worse = [] if baseline is None else regressions(records, baseline)
    for line in worse:
        click.echo(f"worse: {line}", err=True)
    return 1 if worse else 0


def read_baseline(path: str) -> dict[str, object]:
    """The JSON of an earlier run."""
    try:
        content: dict[str, object] = json.loads(Path(path).read_text())
        content["records"]
    except OSError as error:
        raise InputError(f"{path} can not be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is not what mtorsim bench --json prints") from error
    return content


def _row(record: SpeedRecord) -> list[object]:
    counters = record.counters
    ratio = "-" if record.ratio is None else f"{record.ratio:.0f}"
    return [
        record.name,
        f"{record.method} {record.precision}",
        f"{counters['steps']:.1f}",
        f"{counters['rejected']:.2f}",
        f"{record.us_per_trajectory:.1f}",
        ratio,
    ]
