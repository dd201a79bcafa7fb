"""One module a page: what it shows, and what it may write."""
