"""The base-year economy: who sells what to whom, what it takes to make it, and the duties paid."""
