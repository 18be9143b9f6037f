"""How dates and times are written, where a language's own way is not the design's."""
