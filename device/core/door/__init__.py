"""What a door does: who may pass, the strike, the taps, who is in."""
