"""The command line: a thin porch, one module a floor, heavy imports inside the commands."""
