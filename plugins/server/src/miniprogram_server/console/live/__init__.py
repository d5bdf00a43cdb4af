"""Pages that are told when somebody else changes what they show."""
