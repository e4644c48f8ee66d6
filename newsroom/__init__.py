"""The project: settings, addresses and the WSGI entry. Everything editorial lives in `articles`."""
