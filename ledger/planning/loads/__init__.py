"""What goes with which vehicle, and where it lies in it: bins, departures, holds."""
