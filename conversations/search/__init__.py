"""Full-text search: splitting text into words, parsing queries, ranking and snippets."""
