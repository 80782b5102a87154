"""Packaging: what a package weighs and holds, whether it is green, what it emits, and how often it comes back."""
