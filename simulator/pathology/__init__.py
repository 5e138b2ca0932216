"""What disease changes: one file per finding, each a field in lung or torso coordinates."""
