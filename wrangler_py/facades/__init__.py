"""What `import js`, `import pyodide.ffi`, ... find inside a worker: names only, no logic."""

from .install import install

__all__ = ["install"]
