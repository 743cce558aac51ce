"""The JavaScript language as Pyodide shows it to Python. Knows no I/O."""
