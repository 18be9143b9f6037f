"""Labels and view models that views, forms and exports share."""
