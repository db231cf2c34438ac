"""hanfix."""
