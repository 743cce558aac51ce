"""Measure `pywrangler dev` against a bare aiohttp application, in one run (`make bench`)."""
