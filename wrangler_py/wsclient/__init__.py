"""A WebSocket client for the terminal and for scripts: `pywrangler ws`."""
