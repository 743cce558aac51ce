"""`env.NAME` of a configuration laid over its top level, as `wrangler dev -e NAME` does.

Source: https://developers.cloudflare.com/workers/wrangler/environments/
"""

from __future__ import annotations

from typing import NamedTuple

from wrangler_py.config.shapes import NOT_INHERITED, TOP_LEVEL_ONLY
from wrangler_py.config.source import Places, Section, closest
from wrangler_py.config.values import JsonValue
from wrangler_py.errors import ConfigError

__all__ = ["Chosen", "choose"]


class Chosen(NamedTuple):
    """One environment as if it stood at the top level."""

    section: Section
    notices: list[str]


def choose(name: str, document: dict[str, JsonValue], places: Places, environment: str) -> Chosen:
    """What the file ``name`` says for ``environment``.

    Raises: ConfigError when there are environments, and not this one.
    """
    environments = document.get("env")
    known = list(environments) if isinstance(environments, dict) else []
    own = environments.get(environment) if isinstance(environments, dict) else None
    if not isinstance(own, dict):
        return Chosen(*_absent(name, document, places, environment, known))
    value = {key: document[key] for key in document if key not in NOT_INHERITED and key != "env"}
    value.update((key, item) for key, item in own.items() if key not in TOP_LEVEL_ONLY)
    if "name" not in own and isinstance(document.get("name"), str):
        value["name"] = f"{document['name']}-{environment}"
    moved = {
        path[2:]: place
        for path, place in places.items()
        if len(path) > 2 and path[:2] == ("env", environment)
    }
    kept = {path: place for path, place in places.items() if not path or path[0] not in own}
    left_behind = (key for key in document if key in NOT_INHERITED and key not in own)
    notices = [_not_inherited(key, environment) for key in left_behind]
    notices += _vars_left_behind(document.get("vars"), own.get("vars"), environment)
    return Chosen(Section(name, value, {**kept, **moved}), notices)


def _absent(
    name: str,
    document: dict[str, JsonValue],
    places: Places,
    environment: str,
    known: list[str],
) -> tuple[Section, list[str]]:
    """No such environment: the top level stands in, if nothing else could be meant."""
    message = f'No environment found in configuration with name "{environment}".'
    top = Section(name, document, places)
    if known:
        names = ", ".join(f'"{each}"' for each in known)
        hint = closest(environment, known) or f"there is {names}"
        raise ConfigError(message, where=top.where("env"), hint=hint)
    value = dict(document)
    if isinstance(document.get("name"), str):
        value["name"] = f"{document['name']}-{environment}"
    section = Section(name, value, places)
    return section, [f'{message} Add one: "env": {{"{environment}": {{...}}}}']


def _not_inherited(key: str, environment: str) -> str:
    return (
        f'"{key}" exists at the top level, but not on "env.{environment}". This is not what you '
        f'probably want, since "{key}" is not inherited by environments. '
        f'Please add "{key}" to "env.{environment}".'
    )


def _vars_left_behind(above: JsonValue, own: JsonValue, environment: str) -> list[str]:
    """Variables that the environment's own `vars` have not."""
    if not isinstance(above, dict) or not isinstance(own, dict) or not above.keys() - own.keys():
        return []
    names = ", ".join(f'"{name}"' for name in above if name not in own)
    text = (
        f'The following vars exist at the top level, but not on "env.{environment}.vars": {names}. '
        'This is probably not what you want, since "vars" configuration is not inherited by '
        f'environments. Please add these vars to "env.{environment}.vars".'
    )
    return [text]
