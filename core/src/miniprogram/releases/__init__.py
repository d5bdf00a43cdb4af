"""Which version of a mini-program goes to whom: review, pilot, grayscale, full, and the way back."""
