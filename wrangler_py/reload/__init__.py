"""Saved files become running code: watching, swapping, breaking out of endless loops."""
