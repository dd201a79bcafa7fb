"""The brief: one page that presents what the floors below computed."""
