"""What a command line tells of itself: usage, completion, and the reference made of both."""
