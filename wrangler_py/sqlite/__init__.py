"""SQLite as workerd sets it up: what a script may say, limits, errors, metering."""
