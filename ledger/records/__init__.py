"""What happened, as the parties state it: one module per record kind, frozen values, located errors."""
