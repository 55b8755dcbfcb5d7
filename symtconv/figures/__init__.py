"""Pictures as plain data, and those who draw them."""
