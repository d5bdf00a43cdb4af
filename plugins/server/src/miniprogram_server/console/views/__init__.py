"""What is shown: one function a page, and one a form."""
