"""
A GS1-Conformant Resolver (GS1-Conformant Resolver Standard 1.2.0, GS1 Digital Link URI Syntax): codes to what is known.

``links`` are the kinds of links and what each leads to, ``linkset`` writes them (RFC 9264), ``choice`` picks one for a
request. The canonical identity stays ``id.gs1.org``; this resolver is one place that knows something of it.
"""
