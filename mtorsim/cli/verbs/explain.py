"""``mtorsim explain``: why a readout changes under drugs."""

import click

import mtorsim as mt
from mtorsim.cli import options
from mtorsim.cli.help import examples
from mtorsim.cli.loading import ModelRequest
from mtorsim.cli.parsing import time_with_unit, with_unit

EXAMPLES = examples(
    "mtorsim explain everolimus --dose 20nM --at 24h --readout pAKT_S473 --out why",
    "mtorsim explain vistusertib --dose 300nM --at 24h --readout pAKT_T308 --context PTEN-lost",
)


@click.command("explain", epilog=EXAMPLES)
@click.argument("drugs", nargs=-1, required=True, metavar="DRUG...")
@options.model_request(options.model_option)
@click.option(
    "--dose",
    "doses",
    multiple=True,
    required=True,
    metavar="DOSE",
    help="Dose of the drug; with several drugs once for each, in their order.",
)
@click.option("--at", required=True, metavar="TIME", help="One time after the drug.")
@click.option("--readout", required=True, metavar="NAME", help="What changes.")
@click.option(
    "--loop", "loops", multiple=True, metavar="LOOP", help="Explain by this loop, not by all."
)
@click.option("--out", metavar="FOLDER", help="Folder for text, data and pictures.")
@options.force
@options.as_json
def command(
    *,
    drugs: tuple[str, ...],
    request: ModelRequest,
    doses: tuple[str, ...],
    at: str,
    readout: str,
    loops: tuple[str, ...],
    out: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Say why READOUT changes under DRUG: what each loop adds, what is bound, which rates move.

    Every choice of loops is run, with the others clamped and with the others cut.
    """
    from mtorsim.report.explanation_folder import EXPLANATION_FILES, write_explanation
    from mtorsim.report.explanation_tables import explanation_json, explanation_text
    from mtorsim.report.whole_folder import check_drawn_files

    given = doses_of(drugs, doses)
    if "," in at:
        raise mt.InputError(f"--at {at}: one time is explained, give one")
    if out is not None:
        check_drawn_files(out, EXPLANATION_FILES, force=force)
    explanation = mt.explain(
        request.load_in_context(varied=drugs),
        given,
        at=time_with_unit(at, option="--at"),
        readout=readout,
        loops=loops or None,
    )
    files = () if out is None else write_explanation(explanation, out, force=force)
    click.echo(explanation_json(explanation) if as_json else explanation_text(explanation))
    if files and not as_json:
        click.echo("\n".join(["written:", *(f"  {file}" for file in files)]))


def doses_of(drugs: tuple[str, ...], doses: tuple[str, ...]) -> dict[str, str]:
    """Dose by drug, as written in the same order.

    Raises
    ------
    InputError : not as many doses as drugs, a drug named twice, or a dose without a unit
    """
    if len(doses) != len(drugs):
        raise mt.InputError(
            f"{len(drugs)} drugs and {len(doses)} doses: give --dose once for each drug"
        )
    if len(set(drugs)) < len(drugs):
        raise mt.InputError(f"drug {max(drugs, key=drugs.count)!r} is named twice")
    return {
        drug: with_unit(dose, where=f"--dose {dose}", dimension="concentration")
        for drug, dose in zip(drugs, doses, strict=True)
    }
