from ast import Module
from collections.abc import Callable
from types import CodeType
from typing import Any, Literal, ParamSpec, TypeAlias, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")
_ReturnMode: TypeAlias = Literal["last_expr", "last_expr_or_assign", "none"]

def run_js(code: str, /) -> Any: ...
def relaxed_call(func: Callable[..., _R], *args: Any, **kwargs: Any) -> _R: ...
def relaxed_wrap(func: Callable[..., _R], /) -> Callable[..., _R]: ...
def should_quiet(source: str, /) -> bool: ...
def find_imports(source: str, /) -> list[str]: ...
def eval_code(
    source: str,
    globals: dict[str, Any] | None = None,
    locals: dict[str, Any] | None = None,
    *,
    return_mode: _ReturnMode = "last_expr",
    quiet_trailing_semicolon: bool = True,
    filename: str = "<exec>",
    flags: int = 0,
) -> Any: ...
async def eval_code_async(
    source: str,
    globals: dict[str, Any] | None = None,
    locals: dict[str, Any] | None = None,
    *,
    return_mode: _ReturnMode = "last_expr",
    quiet_trailing_semicolon: bool = True,
    filename: str = "<exec>",
    flags: int = 0,
) -> Any: ...

class CodeRunner:
    ast: Module
    code: CodeType | None
    def __init__(
        self,
        source: str | Module,
        *,
        return_mode: _ReturnMode = "last_expr",
        mode: str = "exec",
        quiet_trailing_semicolon: bool = True,
        filename: str = "<exec>",
        flags: int = 0,
    ) -> None: ...
    def compile(self) -> CodeRunner: ...
    def run(
        self, globals: dict[str, Any] | None = None, locals: dict[str, Any] | None = None
    ) -> Any: ...
    async def run_async(
        self, globals: dict[str, Any] | None = None, locals: dict[str, Any] | None = None
    ) -> Any: ...
