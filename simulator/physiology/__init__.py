"""How the body moves: respiration, heart, sliding; pure functions of time."""
