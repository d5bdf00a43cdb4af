"""The delivery service of an environment: deploy, status, outputs, logs, checks, destroy."""
