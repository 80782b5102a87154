"""Goods by other modes: road, rail, inland water, sea, air; each on the factors that its legs would have."""
