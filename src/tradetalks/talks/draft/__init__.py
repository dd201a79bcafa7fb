"""A case drawn from the data: two governments and a day make terms, packages and a record to edit."""
