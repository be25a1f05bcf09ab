"""The faces: the HTTP API and the pages."""
