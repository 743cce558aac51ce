"""`pywrangler init`: a new project out of a template."""

from __future__ import annotations

from pathlib import Path

import click

from wrangler_py.cli.scaffold import DEFAULT_TEMPLATE, create_project, list_templates
from wrangler_py.errors import UsageError

__all__ = ["init"]


@click.command(short_help="Write a new project.")
@click.argument("name", required=False)
@click.option("-t", "--template", default=DEFAULT_TEMPLATE, show_default=True, metavar="T")
@click.option("--list", "listing", is_flag=True, help="Show the templates.")
@click.option("-f", "--force", is_flag=True, help="Write into a folder that is not empty.")
def init(name: str | None, template: str, listing: bool, force: bool) -> None:
    """Write a new project into the folder NAME: it runs, has a test, and deploys."""
    if listing:
        _show_templates()
        return
    if name is None:
        raise UsageError("a new project needs a name", hint="`pywrangler init my-worker`")
    project = create_project(Path(name), template, force=force)
    enter = "" if name == "." else f"    cd {name}\n"
    click.echo(
        f"Created {project} from {template}.\n\n{enter}    pywrangler dev\n\n"
        "`pytest` tests it, `pywrangler deploy` puts it on Cloudflare."
    )


def _show_templates() -> None:
    found = list_templates()
    width = max(map(len, found), default=0)
    for name, description in found.items():
        click.echo(f"{name:<{width}}  {description}")
