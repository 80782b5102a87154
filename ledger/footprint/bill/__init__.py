"""Bills of materials: who supplies what on a day, the lines of one declared unit, and the tree below it."""
