"""Shared by every test; fixtures of one layer live beside its tests."""

from __future__ import annotations
