"""Pictures of screens: which ones, what differs between two, and the page that shows it."""
