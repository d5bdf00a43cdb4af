"""What must hold beyond the grammar: between the members of a node, and between nodes."""
