"""Jinja2 templates, autoescaped, without inline script or style."""
