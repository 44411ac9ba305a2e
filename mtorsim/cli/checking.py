"""How the check of a file is shown: a few lines for people, plain types for JSON."""

from __future__ import annotations

import click

from mtorsim.analysis.file_check import FileCheck

#: findings of one kind that are shown; --all shows the others
MOST_SHOWN = 5


def as_record(found: FileCheck) -> dict[str, object]:
    """The check in plain types."""
    return {
        "file": found.file,
        "format": found.format,
        "fine": found.is_fine,
        "contents": dict(found.contents),
        "mass_action": found.is_mass_action,
        "findings": [
            {
                "kind": finding.kind,
                "where": finding.where,
                "text": finding.text,
                "count": finding.count,
            }
            for finding in found.findings
        ],
    }


def print_check(found: FileCheck, *, show_all: bool) -> None:
    """Contents, engine, and findings by kind."""
    held = ", ".join(f"{count} {what}" for what, count in found.contents if count)
    click.echo(f"{found.file}: {found.format}: {held}")
    engines = {
        True: "runs on the mass-action engine",
        False: "runs on the engine for general rate laws",
        None: "can not be run",
    }
    click.echo(engines[found.is_mass_action])
    for kind in dict.fromkeys(finding.kind for finding in found.findings):
        same = [finding for finding in found.findings if finding.kind == kind]
        click.echo(f"{kind}: {sum(finding.count for finding in same)}")
        shown = same if show_all else same[:MOST_SHOWN]
        for finding in shown:
            times = f" (and {finding.count - 1} more like it)" if finding.count > 1 else ""
            click.echo(f"  {finding}{times}")
        if len(shown) < len(same):
            click.echo(f"  and {len(same) - len(shown)} more; --all shows them")
    if found.is_fine:
        click.echo("nothing looks wrong")
