"""What the JavaScript layer promises, row by row, with real Pyodide's own answers."""
