"""Documents with mathematics in them, as trees, and the renderers that turn them into files."""
