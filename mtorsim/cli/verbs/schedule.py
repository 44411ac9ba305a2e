"""``mtorsim schedule``: doses over days, through the body to the cell."""

import click

import mtorsim as mt
from mtorsim.cli import options
from mtorsim.cli.help import examples
from mtorsim.cli.loading import ModelRequest
from mtorsim.cli.output import print_json
from mtorsim.cli.parsing import split_readouts
from mtorsim.cli.progress import progress_bar
from mtorsim.cli.scheduling import ScheduleRequest, schedule_request
from mtorsim.report.schedule_folder import (
    SCHEDULE_FILES,
    schedule_records,
    schedule_text,
)
from mtorsim.report.whole_folder import check_drawn_files

EXAMPLES = examples(
    'mtorsim schedule everolimus --dose "10 mg" --every "24 h" --for "14 d" \\',
    '    --readout pS6K1_T389 --against "70 mg every 7 d" --out schedules',
    'mtorsim schedule vistusertib --dose "50 mg twice daily" --for "28 d" --from "14 d" \\',
    '    --against "125 mg twice daily, 2 d on 5 d off" --equal auc',
    'mtorsim schedule everolimus --for "14 d" \\',
    '    --dose "10 mg daily until 7 d + vistusertib 50 mg twice daily from 7 d"',
)

READOUTS = "What to read out; pS6K1_T389, p4EBP1 and pAKT_S473 if left out."


@click.command("schedule", epilog=EXAMPLES)
@click.argument("drug")
@options.model_request(options.model_option)
@schedule_request
@click.option("--readout", "readouts", multiple=True, metavar="NAME,...", help=READOUTS)
@click.option("--out", metavar="FOLDER", help="Folder for courses, records and the picture.")
@options.force
@options.as_json
@options.quiet
def command(
    *,
    drug: str,
    request: ModelRequest,
    asked: ScheduleRequest,
    readouts: tuple[str, ...],
    out: str | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Follow schedules of DRUG, in mg by its pharmacokinetics or in nM, and what the cell does.

    A schedule is an amount and any of: daily, twice daily, weekly, every TIME, TIME on TIME off,
    from TIME, until TIME, over TIME, N times. "6 mg then 2 mg daily" starts with a loading dose;
    " + " joins regimens, each with its drug in front where it is another than DRUG.
    """
    if out is not None:
        check_drawn_files(out, SCHEDULE_FILES, force=force)
    with progress_bar(quiet=quiet):
        names = split_readouts(readouts)
        comparison = asked.compare(request.load_in_context(), drug, readouts=names)
    files = mt.write_schedules(comparison, out, force=force) if out is not None else ()
    if as_json:
        print_json(schedule_records(comparison))
        return
    click.echo(schedule_text(comparison), nl=False)
    for file in files:
        click.echo(f"written: {file}")
