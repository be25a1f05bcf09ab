"""The question side: query analysis, retrieval, fusion, confidence, snippets, suggestions, judging."""
