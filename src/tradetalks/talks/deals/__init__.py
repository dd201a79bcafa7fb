"""Which packages both could accept: the space, the frontier, fair points."""
