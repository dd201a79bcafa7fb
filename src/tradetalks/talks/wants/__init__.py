"""What a party wants: the posterior of its weights, from the record."""
