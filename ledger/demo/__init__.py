"""The demonstration: one seeded month of a regional warehouse, its files, and the story told with them."""
