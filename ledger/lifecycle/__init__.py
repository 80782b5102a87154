"""
The life of an asset, from the code at the supplier to its second life and its end: pure, from events alone.

``stage`` is the visible table, ``event`` what an event says about assets, ``lives`` the fold over events, ``anomaly``
what is flagged and never refused, ``balance`` the mass balance of a transformation, ``category``
and ``kpi`` the figures.
"""
