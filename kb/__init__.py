"""The core everybody shares: models, errors, settings, ports, privacy, the journal and the store."""

__version__ = "0.1.0"
