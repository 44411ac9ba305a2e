"""``mtorsim check``: what a file contains, and what looks wrong in it."""

import click

from mtorsim.analysis.file_check import check_file
from mtorsim.cli import options
from mtorsim.cli.checking import as_record, print_check
from mtorsim.cli.help import examples
from mtorsim.cli.output import print_json

EXAMPLES = examples("mtorsim check mtor-core", "mtorsim check model.xml --json")


@click.command("check", epilog=EXAMPLES)
@click.argument("file", metavar="FILE")
@click.option("--all", "show_all", is_flag=True, help="Show every finding, not five of each kind.")
@options.as_json
def command(file: str, *, show_all: bool, as_json: bool) -> int:
    """Say what FILE contains, what of it is not supported, and what looks wrong.

    FILE is SBML, Antimony, a BioNetGen network, a COMBINE archive, a PEtab problem (.yaml), or a
    native model. Looked for are units that do not fit, parameters without use or value, rate laws
    that are not mass action, and species that can become negative. Exits with 0 where all is fine,
    1 where something looks wrong or is not supported, 2 where the file can not be read.
    """
    found = check_file(file)
    if as_json:
        print_json(as_record(found))
    else:
        print_check(found, show_all=show_all)
    return 0 if found.is_fine else 1
