"""How a validation is shown: a table for people, plain types for JSON."""

from __future__ import annotations

import click

from mtorsim.analysis.validate import RowResult, Validation
from mtorsim.cli.output import print_table

HEADERS = ("row", "set", "what", "expected", "found", "", "")


def as_record(validation: Validation) -> dict[str, object]:
    """The validation in plain types."""
    return {
        "model": validation.model,
        "passed": validation.n_passed,
        "failed": len(validation.rows) - validation.n_passed,
        "total": len(validation.rows),
        "fit": validation.counts("fit"),
        "held_out": validation.counts("held-out"),
        "regressions": validation.regressions,
        "left_out": validation.left_out,
        "rows": [row_record(result) for result in validation.rows],
    }


def row_record(result: RowResult) -> dict[str, object]:
    """A row in plain types."""
    row = result.row
    return {
        "id": row.id,
        "topic": row.topic,
        "what": row.what,
        "set": row.set,
        "value_basis": row.basis,
        "sources": row.sources,
        "passed": result.passed,
        "checks": [
            {
                "what": checked.check.what or row.what,
                "low": checked.check.low,
                "high": checked.check.high,
                "unit": checked.check.unit,
                "found": checked.found,
                "passed": checked.passed,
                "off": checked.off,
            }
            for checked in result.checks
        ],
    }


def print_rows(validation: Validation) -> None:
    """A line for each check, then how many rows pass."""
    lines = []
    for result in validation.rows:
        for i, checked in enumerate(result.checks):
            check, first = checked.check, i == 0
            unit = "" if check.unit == "1" else f" {check.unit}"
            lines.append(
                [
                    result.row.id if first else "",
                    result.row.set if first else "",
                    result.row.what if first else f"  {check.what}",
                    f"{check.low:g} to {check.high:g}{unit}",
                    f"{checked.found:.3g}",
                    "pass" if checked.passed else "FAIL",
                    checked.off,
                ]
            )
    print_table(HEADERS, lines)
    fit, held_out = validation.counts("fit"), validation.counts("held-out")
    click.echo(
        f"\n{validation.n_passed} of {len(validation.rows)} rows pass: "
        f"{fit[0]} of {fit[1]} fitted, {held_out[0]} of {held_out[1]} held out"
    )
    for name, reason in validation.left_out.items():
        click.echo(f"{name} is left out: {reason}", err=True)
    if validation.regressions:
        click.echo(f"passed before: {', '.join(validation.regressions)}", err=True)
