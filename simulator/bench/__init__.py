"""What is measured: speed, imaging."""
