"""A corporate inventory of a period: scopes 1 and 2, and of scope 3 the categories that records speak of."""
