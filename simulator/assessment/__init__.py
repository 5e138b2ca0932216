"""What was right, and how well it was done: signs, truth, answer, technique, rubric, score."""
