"""The Cache API.

Implements: https://developers.cloudflare.com/workers/runtime-apis/cache/
"""

from .interface import Cache, CacheStorage, caches

__all__ = ["Cache", "CacheStorage", "caches"]
