"""What every response is made of: headers, bodies, entity tags, encodings, and what is kept of it."""
