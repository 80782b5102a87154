"""The supplier programme: rules over records, without a clock, a store or a network."""
