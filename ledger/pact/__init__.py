"""
Product footprints as PACT exchanges them: the shape of version 3, filters, and the way to and from version 2.

Written from the technical specifications of WBCSD's Partnership for Carbon Transparency, 3.0 and 2.0 to 2.3;
``docs/pact.md`` says under which terms. A footprint is plain JSON data, its figures decimal strings with the digits
their supplier wrote. What this version does not know stays in it, unchanged.
"""
