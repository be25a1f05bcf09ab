"""What happens to articles: the one write path, folders of Markdown, health checks and gaps."""
