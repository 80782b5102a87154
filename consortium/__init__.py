"""
A permissioned network of several validators on this machine: real processes that agree by Clique over devp2p.

It is for trials, tests and campaigns (docs/reliability.md); what it is not stands in docs/decisions/0066-consortium.md.
"""
