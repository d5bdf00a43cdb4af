"""The HTTP interface around operations: authentication, bodies, preconditions, idempotency, errors, OpenAPI."""
