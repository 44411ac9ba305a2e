"""``mtorsim doctor``: whether this installation is in order."""

import click

from mtorsim.cli import options
from mtorsim.cli.help import examples
from mtorsim.cli.installation import check_installation
from mtorsim.cli.output import print_json, print_table


@click.command("doctor", epilog=examples("mtorsim doctor"))
@options.as_json
def command(as_json: bool) -> int:
    """Print versions, processor, cache folder and threads; exit with 1 if something is wrong."""
    findings = check_installation()
    if as_json:
        print_json(
            {
                finding.name: {"ok": finding.ok, "found": finding.found, "advice": finding.advice}
                for finding in findings
            }
        )
    else:
        marks = {True: "ok", False: "WRONG"}
        rows = [
            [
                finding.name,
                marks[finding.ok],
                "; ".join(filter(None, (finding.found, finding.advice))),
            ]
            for finding in findings
        ]
        print_table(["what", "", "found"], rows)
    return 0 if all(finding.ok for finding in findings) else 1
