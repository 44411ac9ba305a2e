#!/usr/bin/env python3
"""Run cases of the SBML semantic test suite from an archive and report each outcome.

The archive holds a folder per case, as the suite names them: NNNNN/NNNNN-sbml-l3v2.xml,
NNNNN-settings.txt, NNNNN-results.csv and, if there is one, NNNNN-tags.txt. A case passes when
every entry has |expected - got| <= absolute + relative * |expected|, NaN equals NaN, and
infinities are equal.
"""

from __future__ import annotations

import csv
import json
import math
import signal
import sys
import tarfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from types import FrameType
from typing import NamedTuple

import click

from mtorsim.codegen.general_functions import general_functions
from mtorsim.errors import InputError, ModelError, SolverError
from mtorsim.interop.sbml_document import UnsupportedFeatureError
from mtorsim.interop.sbml_import import read_sbml_text
from mtorsim.simulate.general import simulate_general
from mtorsim.symbolic.general_resolver import resolve
from mtorsim.symbolic.general_system import GeneralSystem

OUTCOMES = ("passed", "failed", "refused", "crashed")
LONGEST_CASE = 120.0


class Outcome(NamedTuple):
    """What became of a case; ``reason`` is a feature for a refusal."""

    case: str
    kind: str
    reason: str
    seconds: float


def read_cases(archive: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Number and files of each case; files are named by what follows the number."""
    cases: dict[str, dict[str, str]] = defaultdict(dict)
    with tarfile.open(archive) as tar:
        for member in tar:
            folder, _, name = member.name.removeprefix("./").rpartition("/")
            file = tar.extractfile(member)
            number = folder.rpartition("/")[2]
            if file is not None and number.isdigit() and name.startswith(f"{number}-"):
                content = file.read().decode("utf-8", errors="surrogateescape")
                cases[number][name.removeprefix(f"{number}-")] = content
    yield from sorted(cases.items())


def parse_keys(text: str) -> dict[str, str]:
    """Lines of the form ``key: value``."""
    pairs = (line.partition(":") for line in text.splitlines())
    return {key.strip(): value.strip() for key, colon, value in pairs if colon}


def names(text: str) -> list[str]:
    """A list of names with commas between them."""
    return [name.strip() for name in text.split(",") if name.strip()]


def tags_of(files: dict[str, str]) -> set[str]:
    """Tags of a case, its class (as in the shared archive) among them."""
    keys = parse_keys(files.get("tags.txt", ""))
    listed = (names(keys.get(key, "")) for key in ("componentTags", "testTags", "class"))
    return {tag for tags in listed for tag in tags}


def formula(system: GeneralSystem, variable: str, settings: dict[str, str]) -> int:
    """What to report for a variable: amount or concentration as asked, else its own meaning."""
    if variable in system.amounts and variable in names(settings.get("amount", "")):
        return system.amounts[variable]
    if variable in system.concentrations and variable in names(settings.get("concentration", "")):
        return system.concentrations[variable]
    return system.values[variable]


def compare(
    rows: Sequence[Sequence[str]], values: Sequence[Sequence[float]], settings: dict[str, str]
) -> str:
    """The first entry that is out of tolerance; empty if none is."""
    absolute, relative = float(settings["absolute"]), float(settings["relative"])
    if len(rows) != len(values):
        return f"{len(rows)} rows are expected, {len(values)} were made"
    for row, got_row in zip(rows, values, strict=True):
        for variable, text, got in zip(
            names(settings["variables"]), row[1:], got_row, strict=False
        ):
            expected = float(text)
            close = abs(expected - got) <= absolute + relative * abs(expected)
            if not (expected == got or (math.isfinite(got) and close)) and not (
                math.isnan(expected) and math.isnan(got)
            ):
                return f"{variable} at {row[0]}: {expected:g} is expected, got {got:g}"
    return ""


def simulate_case(number: str, files: dict[str, str]) -> str:
    """Simulate and compare; the difference, empty for none."""
    settings = parse_keys(files["settings.txt"])
    source = max(name for name in files if name.startswith("sbml-") and name.endswith(".xml"))
    system = resolve(read_sbml_text(files[source], origin=f"{number}-{source}"))
    outputs = [formula(system, name, settings) for name in names(settings["variables"])]
    start, duration = float(settings["start"]), float(settings["duration"])
    steps = int(settings["steps"])
    times = [start + i * duration / steps for i in range(steps + 1)]
    values = simulate_general(system, general_functions(system, outputs), t_out=times)
    rows = [row for row in csv.reader(files["results.csv"].splitlines()) if row]
    return compare(rows[1:], values.tolist(), settings)


def _out_of_time(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError(f"not finished within {LONGEST_CASE:g} s")


def run_case(number: str, files: dict[str, str]) -> Outcome:
    """The outcome of one case; nothing that happens in it stops the others."""
    began = time.perf_counter()
    signal.signal(signal.SIGALRM, _out_of_time)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_CASE)
    try:
        reason = simulate_case(number, files)
        kind = "failed" if reason else "passed"
    except UnsupportedFeatureError as error:
        kind, reason = "refused", error.feature
    except ModelError as error:
        kind, reason = "refused", str(error)
    except (SolverError, InputError, TimeoutError) as error:
        kind, reason = "failed", str(error)
    except Exception as error:  # whatever it is, it is a bug to be counted, not the end of the run
        kind, reason = "crashed", f"{type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
    return Outcome(number, kind, reason, time.perf_counter() - began)


def report_text(outcomes: Sequence[Outcome]) -> str:
    """Counts, refusals by feature, and a line for each case that failed or crashed."""
    lines = [f"{kind:8} {sum(o.kind == kind for o in outcomes)}" for kind in OUTCOMES]
    features: dict[str, list[str]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.kind == "refused":
            features[outcome.reason].append(outcome.case)
    for feature, cases in sorted(features.items()):
        lines.append(f"refused  {len(cases):4}  {feature}  (first: {cases[0]})")
    lines += [
        f"{o.kind}  {o.case}  {o.reason}" for o in outcomes if o.kind in ("failed", "crashed")
    ]
    if outcomes:
        seconds = [outcome.seconds for outcome in outcomes]
        lines.append(f"time per case: median {median(seconds):.3f} s, longest {max(seconds):.1f} s")
    return "\n".join(lines)


def report_json(outcomes: Sequence[Outcome]) -> str:
    """Counts, and the case numbers of each outcome."""
    cases = {kind: [o.case for o in outcomes if o.kind == kind] for kind in OUTCOMES}
    counts: dict[str, object] = {kind: len(numbers) for kind, numbers in cases.items()}
    reasons = {o.case: o.reason for o in outcomes if o.reason}
    return json.dumps({**counts, "cases": cases, "reasons": reasons}, indent=1)


@click.command(help=__doc__)
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tags", default="", help="Only cases with one of these tags or classes.")
@click.option("--only", default="", help="Only these cases, for example 00001,00002.")
@click.option("--json", "as_json", is_flag=True, help="Counts and case numbers as JSON.")
def main(archive: Path, tags: str, only: str, as_json: bool) -> None:
    """Run the cases; the exit status is 1 if one failed or crashed."""
    wanted_tags = set(names(tags))
    wanted = {number.zfill(5) for number in names(only)}
    outcomes = [
        run_case(number, files)
        for number, files in read_cases(archive)
        if (not wanted or number in wanted) and (not wanted_tags or wanted_tags & tags_of(files))
    ]
    click.echo(report_json(outcomes) if as_json else report_text(outcomes))
    sys.exit(any(outcome.kind in ("failed", "crashed") for outcome in outcomes))


if __name__ == "__main__":
    main()
