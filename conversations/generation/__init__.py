"""One answer being produced, outliving the browser (docs/architecture.md, "The engine")."""
