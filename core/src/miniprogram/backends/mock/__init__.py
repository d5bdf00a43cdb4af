"""The mock starter: a publisher backend that runs anywhere Python does, for development and demos."""
