"""Schemes in the making: flat fields as a form has them, read into a scheme with every fault at its field."""
