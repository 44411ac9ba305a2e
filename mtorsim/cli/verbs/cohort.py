"""``mtorsim cohort``: virtual tumours under drugs."""

import click

import mtorsim as mt
from mtorsim.cli import options
from mtorsim.cli.cohorts import model_of, tell_cohort
from mtorsim.cli.help import examples
from mtorsim.cli.parsing import parse_doses
from mtorsim.cli.progress import progress_bar
from mtorsim.report.cohort_folder import COHORT_FILES
from mtorsim.report.whole_folder import check_drawn_files

EXAMPLES = examples(
    "mtorsim cohort hcc -n 500 --drug everolimus --drug vistusertib --out cohort",
    "mtorsim cohort hcc -n 100 --drug dactolisib --dose dactolisib=250nM --seed 7 --json",
)


@click.command("cohort", epilog=EXAMPLES)
@click.argument("cohort")
@click.option("-n", "n", default=500, show_default=True, metavar="COUNT", help="Tumours.")
@click.option(
    "--drug",
    "drugs",
    multiple=True,
    required=True,
    metavar="DRUG[+DRUG]",
    help="May be repeated; A+B gives B at one dose beside A.",
)
@click.option(
    "--dose",
    "doses",
    multiple=True,
    metavar="DRUG=DOSE",
    help="Read tumours at this dose, not at equal effect on S6K1; may be repeated.",
)
@click.option("--model", metavar="MODEL", help="Instead of the model that the cohort is for.")
@click.option("--seed", default=1, show_default=True, help="Of the draw of tumours.")
@click.option("--threads", type=int, metavar="COUNT", help="Changes the time taken alone.")
@click.option("--out", metavar="FOLDER", help="Folder for text, tumours, data and pictures.")
@options.force
@options.as_json
@options.quiet
def command(
    *,
    cohort: str,
    n: int,
    drugs: tuple[str, ...],
    doses: tuple[str, ...],
    model: str | None,
    seed: int,
    threads: int | None,
    out: str | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Give virtual tumours of COHORT every dose of each drug: who responds, in which genotype.

    Tumours are drawn from reported alteration frequencies. Figures reported of patients stand
    beside the predictions; nothing is fitted to them. Research software; no medical advice.
    """
    if out is not None:
        check_drawn_files(out, COHORT_FILES, force=force)
    loaded = model_of(cohort, model)
    with progress_bar(quiet=quiet) as progress:
        found = mt.run_cohort(
            loaded,
            drugs,
            cohort=cohort,
            n=n,
            seed=seed,
            threads=threads,
            reading_doses=parse_doses(doses),
            progress=progress,
        )
    return tell_cohort(found, out, force=force, as_json=as_json)
