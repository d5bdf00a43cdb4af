"""The delivery service as a stack: deployed, looked at, checked and removed."""
