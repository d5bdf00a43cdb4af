"""`doctor` and `workflow status`: what is ready, what is missing, what to run next."""
