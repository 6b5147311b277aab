"""Where tables live. So far: their physical types (schema)."""
