from dataclasses import dataclass
from typing import Any

import js

from . import Request, WorkerEntrypoint
from .gateway import BaseOptions

@dataclass(frozen=True, kw_only=True)
class Options(BaseOptions): ...

async def fetch(
    app: Any,
    req: Request | js.Request,
    env: Any,
    ctx: Any = None,
    *,
    options: Options | None = None,
) -> js.Response: ...
def entrypoint(app: Any, *, options: Options | None = None) -> type[WorkerEntrypoint]: ...
