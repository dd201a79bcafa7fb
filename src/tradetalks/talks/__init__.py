"""What to do: which packages are worth proposing, and what the other side may accept."""
