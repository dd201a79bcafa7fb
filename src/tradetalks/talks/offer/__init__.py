"""What to offer, ask, keep back and refuse."""
