"""tradetalks: the open workbench for trade negotiations."""

__version__ = "0.1.0"
