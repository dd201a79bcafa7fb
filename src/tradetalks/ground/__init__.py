"""Codes, sources, errors, dates and files: what every floor stands on."""
