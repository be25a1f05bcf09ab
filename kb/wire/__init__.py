"""The JSON of the API, typed: what the server checks and what `kb.client` returns. A file for each noun."""
