"""The HTTP face of the engine: routes, responses and headers. Start at `service`."""
