"""Footprints asked for, handed in and reviewed: what their records say together. Pure; nothing here is stored."""
