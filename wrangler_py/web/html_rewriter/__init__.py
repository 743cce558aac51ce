"""HTMLRewriter: HTML is changed as it passes.

Implements: https://developers.cloudflare.com/workers/runtime-apis/html-rewriter/
"""

from .interface import HTMLRewriter

__all__ = ["HTMLRewriter"]
