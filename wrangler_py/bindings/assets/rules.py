"""What the lines of `_headers` and `_redirects` have in common: paths, splats and placeholders.

Implements: https://developers.cloudflare.com/workers/static-assets/headers/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ada_url import URL

from ...log import Level

__all__ = [
    "MAX_LINE_LENGTH",
    "PLACEHOLDER",
    "Pattern",
    "Remark",
    "fill_in",
    "has_host",
    "lines_of",
    "said_of",
    "url_of",
]

MAX_LINE_LENGTH = 2000
PLACEHOLDER = re.compile(r":([A-Za-z]\w*)", re.ASCII)
_TOO_LONG = "Ignoring line {0} as it exceeds the maximum allowed length of 2000."
_NO_PATH = "URLs should begin with a forward-slash."
_NO_URL = (
    "URLs should either be relative (e.g. begin with a forward-slash), or use HTTPS (e.g. begin "
    'with "https://").'
)
_ABSOLUTE = re.compile(r"https://+([^/]+)/?(.*)")
_PORT = re.compile(r".*:\d+")
_BLANK = " \t\n\r\v\f\xa0\ufeff\u2028\u2029"


class Remark(NamedTuple):
    """What is wrong with a line, as the author of the file is told."""

    message: str
    number: int | None = None
    line: str = ""

    def render(self, name: str) -> str:
        """``name``: the file's."""
        where = name if self.number is None else f"{name}:{self.number}"
        return f"▶︎ {self.message}\n" + (f"    at {where} | {self.line}\n\n" if self.line else "")


def lines_of(text: str, remarks: list[Remark]) -> Iterator[tuple[int, str]]:
    """The lines that say something, each with its number; too long ones become remarks."""
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip(_BLANK)
        if not line or line.startswith("#"):
            continue
        if len(line) > MAX_LINE_LENGTH:
            remarks.append(Remark(_TOO_LONG.format(number)))
        else:
            yield number, line


def said_of(noun: str, count: int, remarks: list[Remark], name: str) -> Iterator[tuple[Level, str]]:
    """How a file called ``name`` was understood: ``count`` rules, and the ``remarks``."""
    yield Level.INFO, f"✨ Parsed {_several(count, f'valid {noun}')}."
    if remarks:
        found = "".join(remark.render(name) for remark in remarks)
        yield Level.WARN, f"Found {_several(len(remarks), f'invalid {noun}')}:\n{found}"


def _several(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def url_of(
    token: str, *, only_relative: bool = False, no_port: bool = False, whole: bool = False
) -> str:
    """What a rule names, normalized: a path, or an https URL.

    Args:
        whole: query and fragment belong to it.

    Raises:
        ValueError: it is none; the text is for the author of the rule.
    """
    absolute = _ABSOLUTE.match(token)
    if absolute:
        host, path = absolute.groups()
        if only_relative:
            raise ValueError(f"Only relative URLs are allowed. Skipping absolute URL {token}.")
        if no_port and _PORT.fullmatch(host):
            raise ValueError(f"Specifying ports is not supported. Skipping absolute URL {token}.")
        return f"https://{host}{_path_of(path, whole=whole)}"
    if only_relative and not token.startswith("/"):
        token = f"/{token}"
    if not token.startswith("/"):
        raise ValueError(_NO_PATH if only_relative else _NO_URL)
    try:
        return _path_of(token, whole=whole)
    except ValueError:
        raise ValueError(f"Error parsing URL segment {token}. Skipping.") from None


def has_host(url: str) -> bool:
    return _ABSOLUTE.match(url) is not None


def _path_of(text: str, *, whole: bool) -> str:
    path = text if text.startswith("/") else f"/{text}"
    url = URL(f"//{path}", "relative://")  # of a scheme that knows no host before the path
    return f"{url.pathname}{url.search}{url.hash}" if whole else str(url.pathname)


_SPECIAL = re.compile(r"[-/\\^$*+?.()|[\]{}]")
_HOST = re.compile(r"https:\\/\\/[^/]*")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which requests a rule is for."""

    expression: re.Pattern[str]
    has_host: bool

    @classmethod
    def of(cls, rule: str) -> Pattern | None:
        """The pattern of a path or https URL with `*` and `:name`; None: it can match nothing."""
        text = "(?P<splat>.*)".join(_SPECIAL.sub(r"\\\g<0>", part) for part in rule.split("*"))
        head = _HOST.match(text)
        # In a host a name ends at a dot; it counts as one there if something follows it.
        in_host = re.finditer(r":([A-Za-z]\w*)(?=\\)", head.group(), re.ASCII) if head else ()
        for found in [*in_host]:
            text = text.replace(found.group(), f"(?P<{found.group(1)}>[^/.]+)")
        for found in [*PLACEHOLDER.finditer(text)]:
            text = text.replace(found.group(), f"(?P<{found.group(1)}>[^/]+)")
        try:
            return cls(re.compile(text), rule.startswith("https://"))
        except re.error:
            return None  # the same name twice, or one within another

    def match(self, hostname: str, path: str) -> Mapping[str, str] | None:
        """What the splat and the placeholders stand for in a request; None: it is another's."""
        found = self.expression.fullmatch(f"https://{hostname}{path}" if self.has_host else path)
        return None if found is None else found.groupdict()


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """``text`` with its placeholders replaced."""
    for name, value in values.items():
        placeholder = f":{name}"
        # `$&` in a value is the placeholder again, and `$$` a dollar: JavaScript's replaceAll.
        shown = value.replace("$$", "\0").replace("$&", placeholder).replace("\0", "$")
        text = text.replace(placeholder, shown)
    return text
