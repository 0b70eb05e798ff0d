"""What click says of a wrong command line, as one sentence of ours in either language."""

from __future__ import annotations

import click

from latticework.phrases import Phrase


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
            return Phrase(
                "{name} cannot be used: {reason}", name=_hint(error), reason=error.message
            )
        case click.BadOptionUsage():
            return Phrase("{name} needs a value", name=error.option_name)
    return error.format_message().rstrip(".")


def _hint(error: click.BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "")
    return error.param.get_error_hint(error.ctx)
