"""Measurements, side by side; not collected by pytest."""
