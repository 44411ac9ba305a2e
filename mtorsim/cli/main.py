"""Entry point of ``mtorsim``: finds the verb, and alone decides exit codes and error lines.

Exit codes: 0 done; 1 done but something failed, or could not be finished; 2 wrong input;
130 interrupted.
"""

from __future__ import annotations

import os
import shlex
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module

import click

import mtorsim
from mtorsim.cli.help import examples
from mtorsim.cli.journal import Journal, noting_interrupts
from mtorsim.errors import (
    MissingExtraError,
    ModelError,
    MtorsimError,
    SolverError,
    UnknownNameError,
)

VERBS = {
    "models": "List the models that are shipped.",
    "drugs": "List the drugs that are shipped.",
    "show": "Describe a model: reactions, equations, parameters, loops, code.",
    "simulate": "Follow a model over time under drugs.",
    "sweep": "Solve a model over doses, parameters or initial amounts.",
    "dose-response": "Fit the response of readouts to a drug.",
    "compare": "Set drugs side by side, by context and feedback loop.",
    "schedule": "Follow doses in mg over days: plasma, target occupancy, readouts.",
    "combine": "Score two drugs together, or find the best pair for a goal.",
    "cohort": "Give virtual tumours drugs: responders by genotype and class.",
    "explain": "Say why a readout changes under a drug: loops, occupancy, rates.",
    "validate": "Run the evidence panel: what experiments show, and what the model does.",
    "steady-state": "Find where a model comes to rest, and whether that is stable.",
    "fit": "Fit the parameters of a PEtab problem to its measurements.",
    "check": "Say what a model file contains, what is not supported, what looks wrong.",
    "convert": "Write a model as SBML, Antimony or a COMBINE archive, or read one of them.",
    "bench": "Measure cost per trajectory, against an earlier run.",
    "cache": "Show or empty the folder of compiled code.",
    "doctor": "Check the installation: versions, processor, cache, threads.",
}
"""Each verb with its line in the list of verbs, so that the list imports none of them."""

DONE, FAILED, WRONG_INPUT, INTERRUPTED = 0, 1, 2, 130


class VerbGroup(click.Group):
    """A group whose verbs are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order of a day's work."""
        return list(VERBS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of verbs."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb; None where there is none of that name."""
        if cmd_name not in VERBS:
            return None
        module = import_module(f"mtorsim.cli.verbs.{cmd_name.replace('-', '_')}")
        verb: click.Command = module.command
        return verb

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb of the first argument, offering the nearest where it is mistyped."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            raise UnknownNameError("command", args[0], VERBS)
        return super().resolve_command(ctx, args)


@click.group(
    cls=VerbGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["--help", "-h"]},
    epilog=examples(
        "mtorsim models",
        "mtorsim show mtor-core --equations",
        "mtorsim compare everolimus vistusertib --context PTEN-intact --context PTEN-lost "
        "--out out",
    ),
)
@click.version_option(mtorsim.__version__, message="mtorsim %(version)s")
@click.pass_context
def commands(ctx: click.Context) -> None:
    """Mass-action models of mTOR signalling under drugs, many doses at once.

    Doses and times carry a unit (20nM, 0.5uM; 90min, 2h, 14d); the ends of a range of doses, as
    0.01:1000:200:log, are in nM unless a unit is written.
    """
    ctx.ensure_object(Journal)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; errors of the user are a line each."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    journal = Journal(shlex.join(["mtorsim", *given]))
    try:
        with warnings.catch_warnings(), noting_interrupts(journal):
            warnings.showwarning = _print_warning
            # An interrupted sweep is told below, with what was kept.
            warnings.filterwarnings("ignore", message="interrupted: ")
            outcome = commands.main(
                args=given, prog_name="mtorsim", standalone_mode=False, obj=journal
            )
        if sys.stdout is not None:  # None where the shell closed it
            sys.stdout.flush()
    except (BrokenPipeError, SystemExit):
        # Nobody reads the output any more (mtorsim ... | head); click answers that with SystemExit.
        _drop_output()
        return DONE
    except (Exception, KeyboardInterrupt) as error:
        lines, code = _explain(error, journal)
        for line in lines:
            click.echo(f"mtorsim: {line}", err=True)
        return code
    return outcome if isinstance(outcome, int) else DONE


def run() -> None:
    """Exit the process with the code of ``main``; the console script."""
    code = main()
    if code == INTERRUPTED:
        # Without waiting for threads: a compiler that is at work can not be hurried.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _print_warning(message: Warning | str, *_: object, **__: object) -> None:
    """Print a warning as one line, without the place in the code."""
    click.echo(f"mtorsim: warning: {_one_line(str(message))}", err=True)


def _explain(error: BaseException, journal: Journal) -> tuple[list[str], int]:
    """Error lines, one for each thing that is wrong, and exit code; a bug is raised again."""
    # Ctrl-C in the import of a library may come out as another error of that library.
    if journal.interrupted or isinstance(error, KeyboardInterrupt | click.Abort):
        return [f"interrupted; {journal.kept()}"], INTERRUPTED
    if isinstance(error, click.ClickException):
        return [_usage_line(error)], WRONG_INPUT
    if isinstance(error, MemoryError):
        return ["not enough memory for this; ask for fewer points"], FAILED
    if isinstance(error, OSError):
        return [f"{error.filename or 'output'}: {error.strerror or error}"], FAILED
    if not isinstance(error, MtorsimError):
        raise error
    failed = isinstance(error, SolverError | MissingExtraError)
    problems = error.problems if isinstance(error, ModelError) else [str(error)]
    return [_one_line(problem) for problem in problems], FAILED if failed else WRONG_INPUT


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _usage_line(error: click.ClickException) -> str:
    """One line of a mistyped command line, with where to read more."""
    message = _one_line(error.format_message()).rstrip(".")
    ctx = getattr(error, "ctx", None)
    return message if ctx is None else f"{message} (see {ctx.command_path} --help)"


def _drop_output() -> None:
    """Let what is still to be flushed go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
