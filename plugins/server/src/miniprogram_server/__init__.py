"""The delivery server: ASGI over `miniprogram.delivery`."""
