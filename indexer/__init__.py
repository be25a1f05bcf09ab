"""The content side: Markdown -> sections -> chunks -> terms and vectors -> index files."""
