"""A knowledge graph and query tool on the US security system in the Asia-Pacific."""

__version__ = "0.1.0"
