"""``mtorsim cache``: the folder of compiled code."""

import click

from mtorsim.cli import options
from mtorsim.cli.help import examples
from mtorsim.cli.installation import clear_cache, describe_cache
from mtorsim.cli.output import print_json


@click.group(
    "cache",
    no_args_is_help=False,
    epilog=examples("mtorsim cache info", "mtorsim cache clear"),
)
def command() -> None:
    """Show or empty the folder where compiled code is kept between runs.

    MTORSIM_CACHE_DIR names another folder.
    """


@command.command(epilog=examples("mtorsim cache info --json"))
@options.as_json
def info(as_json: bool) -> None:
    """Print where the folder is and how much it holds."""
    cache = describe_cache()
    if as_json:
        print_json(cache)
    else:
        click.echo(f"{cache['folder']}: {cache['kernels']} models, {cache['megabytes']:.1f} MB")


@command.command(epilog=examples("mtorsim cache clear"))
def clear() -> None:
    """Delete all compiled code; it is made again when needed."""
    before = describe_cache()
    clear_cache()
    click.echo(f"{before['folder']}: deleted {before['megabytes']:.1f} MB of compiled code")
