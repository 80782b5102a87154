"""
The index of green warehouses: what flowed through meters, what certificates are left, what an index comes to.

Pure and exact; what it computes from is gathered by ``services.warehouses``.
"""
