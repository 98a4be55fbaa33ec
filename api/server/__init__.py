"""The HTTP server around the application: headers, limits, health, logs, periodic tasks."""
