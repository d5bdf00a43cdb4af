"""Stand-ins for Google's services: as strict as their published descriptions, and in memory."""
