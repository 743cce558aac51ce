"""One loaded worker: its code, its entry points, its events."""
