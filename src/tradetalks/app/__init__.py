"""The app: the browser's view of a case. It shows what the floors below compute, and writes to the case's folder."""
