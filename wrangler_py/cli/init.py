"""`pywrangler init`: a new project out of a template."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from wrangler_py.cli.complete import templates
from wrangler_py.cli.scaffold import DEFAULT_TEMPLATE, create_project, list_templates
from wrangler_py.config import Overrides, load_config
from wrangler_py.errors import UsageError
from wrangler_py.log import log

__all__ = ["init"]


@click.command(short_help="Write a new project.")
@click.argument("name", required=False)
@click.option(
    "-t",
    "--template",
    default=DEFAULT_TEMPLATE,
    show_default=True,
    metavar="T",
    shell_complete=templates,
)
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
    _write_types(Path(name))
    enter = "" if name == "." else f"    cd {shlex.quote(name)}\n"
    click.echo(
        f"Created {project} from {template}.\n\n{enter}    pywrangler dev\n\n"
        "`pytest` tests it, `pywrangler deploy` puts it on Cloudflare."
    )


def _write_types(folder: Path) -> None:
    """What editors want to know from the first minute; `pywrangler types` writes it anew."""
    from wrangler_py import typegen  # imported late: `--list` needs none of it

    # By its name: a configuration above the folder must not be read instead.
    config = load_config(Overrides(config=folder / "wrangler.jsonc"), Path.cwd())
    try:
        typegen.write(folder / typegen.DEFAULT_FOLDER, typegen.generate(config))
    except UsageError as error:
        log.warn(error.render())  # the project is there, and runs


def _show_templates() -> None:
    found = list_templates()
    width = max(map(len, found), default=0)
    for name, description in found.items():
        click.echo(f"{name:<{width}}  {description}")
