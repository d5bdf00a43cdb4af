"""Keys that sign, in devices and services of no provider."""
