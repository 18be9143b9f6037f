"""The project: settings, URLs and the ASGI application. No domain words here."""
