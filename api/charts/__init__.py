"""
Pictures of amounts, laid out on the server: exact fractions in, whole numbers of a drawing out.

They need no script, print as they stand, and every part of one is a link to what it shows.
"""
