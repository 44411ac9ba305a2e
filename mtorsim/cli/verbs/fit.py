"""``mtorsim fit``: the parameters of a PEtab problem."""

from math import isclose

import click

from mtorsim.analysis.petab_fit import PetabFit, fit_petab
from mtorsim.cli import options
from mtorsim.cli.help import examples
from mtorsim.cli.journal import Journal
from mtorsim.cli.output import print_json, print_table
from mtorsim.cli.progress import progress_bar
from mtorsim.interop.petab_tables import PetabParameter
from mtorsim.report.fit_folder import FIT_FILES, fit_record, write_fit
from mtorsim.report.whole_folder import check_drawn_files
from mtorsim.simulate.petab import PetabObjective

EXAMPLES = examples(
    "mtorsim fit problem.yaml --starts 50 --seed 1 --out fit",
    "mtorsim fit problem.yaml --starts 1 --from-nominal --json",
)


@click.command("fit", epilog=EXAMPLES)
@click.argument("problem", metavar="PROBLEM")
@click.option("--starts", default=20, show_default=True, help="Starts spread by the priors.")
@click.option("--seed", default=0, show_default=True, help="Of the starts.")
@click.option("--from-nominal", is_flag=True, help="Let the first start be the nominal values.")
@click.option("--out", metavar="FOLDER", help="Folder for parameter table, starts, waterfall.")
@options.force
@options.as_json
@options.quiet
@click.pass_obj
def command(
    journal: Journal,
    *,
    problem: str,
    starts: int,
    seed: int,
    from_nominal: bool,
    out: str | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Fit the parameters of PROBLEM, the YAML file of a PEtab problem, to its measurements.

    Trust-region least squares from many starts, parameters on their scales, priors in the
    objective and in the starts. Ctrl-C keeps the best that was found so far.
    """
    if out is not None:
        check_drawn_files(out, FIT_FILES, force=force)
    objective = PetabObjective.from_file(problem)
    with progress_bar(starts, quiet=quiet) as progress:
        fit = fit_petab(
            objective, n_starts=starts, seed=seed, from_nominal=from_nominal, progress=progress
        )
    if out is not None:
        for file in write_fit(fit, objective, out, force=force):
            journal.note(file, f"{len(fit.objective)} of {starts} starts")
    if as_json:
        print_json(fit_record(fit))
    elif not quiet:
        _print_fit(fit, objective)
    if fit.is_interrupted:
        raise KeyboardInterrupt


def _print_fit(fit: PetabFit, objective: PetabObjective) -> None:
    """Nominal and best values, and the waterfall's first steps."""
    nominal = {parameter.id: parameter for parameter in objective.tables.parameters}
    rows = [
        [name, nominal[name].scale, nominal[name].nominal, value, _at_bound(nominal[name], value)]
        for name, value in fit.best.items()
    ]
    print_table(["parameter", "scale", "nominal", "best", ""], rows)
    shown = ", ".join(f"{value:.6g}" for value in fit.objective[:5])
    click.echo(f"\nobjective {fit.objective[0]:.8g} (nominal {fit.nominal:.8g}); best: {shown}")
    near = int((fit.objective - fit.objective[0] < 0.1).sum())
    click.echo(f"{near} of {len(fit.objective)} starts came within 0.1 of the best")


def _at_bound(parameter: PetabParameter, value: float) -> str:
    """Whether a value lies at a bound, as far as rounding shows it."""
    close = any(isclose(value, bound, rel_tol=1e-6) for bound in (parameter.lower, parameter.upper))
    return "at bound" if close else ""
