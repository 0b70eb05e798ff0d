"""The command line: parse, call, print. Heavy libraries are imported inside the commands."""

from __future__ import annotations

import os
import sys

import click

from latticework import __version__
from latticework.cli import (
    asking,
    building,
    comparing,
    debating,
    drawing,
    exchange,
    measuring,
    serving,
    theorizing,
)
from latticework.cli.usage import usage
from latticework.errors import LatticeworkError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="latticework")
def cli() -> None:
    """A knowledge graph of the US security system in the Asia-Pacific, 1945 to 2022.

    \b
    Start with:  latticework run
    Then try:    latticework structure --source paper
                 latticework verify YOUR-COPY.txt
    """


for command in (
    building.run,
    building.build,
    building.validate,
    building.verify,
    measuring.structure,
    comparing.change,
    comparing.what_if,
    comparing.periods,
    comparing.chance_,
    measuring.web,
    drawing.figure,
    theorizing.theory,
    asking.ask,
    asking.query,
    asking.list_,
    asking.show,
    asking.overlap,
    debating.debate,
    debating.cite,
    exchange.export,
    exchange.diff,
    exchange.fetch,
    exchange.push,
    serving.serve,
    building.tidy,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; every error of ours is one sentence and an exit code."""
    wished = os.environ.get("LATTICEWORK_LANG")
    chosen = {"language": "zh" if wished == "zh" else "en"}
    try:
        cli(prog_name="latticework", standalone_mode=False, obj=chosen)
    except LatticeworkError as error:
        click.echo(f"latticework: {error.in_language(chosen['language'])}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
            click.echo(error.format_message(), err=True)  # the help itself: no sentence of ours
            sys.exit(error.exit_code)
        click.echo(f"latticework: {usage(error).in_language(chosen['language'])}", err=True)
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
