"""What click says of a wrong command line, as one sentence of ours in either language."""

from __future__ import annotations

import re
from difflib import get_close_matches

import click

from latticework.phrases import Phrase

NO_COMMAND = re.compile(r"No such command '(.+?)'")
TOO_MANY = re.compile(r"Got unexpected extra arguments? \((.+)\)")


def usage(error: click.ClickException) -> Phrase:
    """One sentence that says what is wrong and where help is."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "latticework"
    return Phrase("{problem} ('{command} --help' shows how)", problem=_said(error), command=command)


def _said(error: click.ClickException) -> Phrase | str:
    match error:
        case click.NoSuchOption():
            near = Phrase("; did you mean {near}?", near=error.possibilities)
            return Phrase(
                "there is no option {name}{near}",
                name=error.option_name,
                near=near if error.possibilities else "",
            )
        case click.MissingParameter():
            name = error.param.get_error_hint(error.ctx) if error.param else error.param_hint
            return Phrase("{name} is missing", name=name)
        case click.BadParameter():
            kind = getattr(error.param, "type", None)
            if isinstance(kind, click.Choice):
                known = [str(choice) for choice in kind.choices]
                return Phrase("{name} takes one of: {known}", name=_hint(error), known=known)
            if isinstance(kind, click.IntRange):
                return Phrase(
                    "{name} takes a whole number from {least} to {most}",
                    name=_hint(error),
                    least=kind.min,
                    most=kind.max,
                )
            return Phrase(
                "{name} cannot be used: {reason}", name=_hint(error), reason=error.message
            )
        case click.BadOptionUsage():
            return Phrase("{name} needs a value", name=error.option_name)
    if found := NO_COMMAND.match(error.message):
        return _no_command(error, found[1])
    if found := TOO_MANY.match(error.message):
        return Phrase("there is an argument too many: {name}", name=found[1])
    return error.format_message().rstrip(".")


def _no_command(error: click.ClickException, name: str) -> Phrase:
    context = getattr(error, "ctx", None)
    group = context.command if context else None
    known = group.list_commands(context) if context and isinstance(group, click.Group) else []
    near = get_close_matches(name, known, n=3)
    return Phrase(
        "there is no command {name}{near}",
        name=name,
        near=Phrase("; did you mean {near}?", near=near) if near else "",
    )


def _hint(error: click.BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "")
    return error.param.get_error_hint(error.ctx)
