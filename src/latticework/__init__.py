"""A knowledge graph and query tool on the security system of the United States in the Asia-Pacific."""

__version__ = "0.1.0"
