"""A preview over HTTP: who is answered, what a page and an app on a device ask for, what a page reports."""
