"""The only place that knows aiohttp's server: HTTP, WebSocket frames, error pages, /cdn-cgi/."""
