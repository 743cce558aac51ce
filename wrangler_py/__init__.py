"""Cloudflare Python Workers in real CPython."""

__all__ = ["__version__"]

__version__ = "0.1.0"
