"""What travels in a service on Cloud Run, besides the engine: standard library only."""
