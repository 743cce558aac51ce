"""The person at the terminal: what is shown to them, their keys, their debugger."""
