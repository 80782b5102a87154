"""Vehicle routes: what is asked (``problem``), what cannot be served (``admit``), the search, and the exact finish."""
