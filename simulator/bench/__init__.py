"""What is measured of image, bodies and program, and what is drawn to be looked at beside real frames."""
