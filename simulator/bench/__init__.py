"""What is measured, of the image, the bodies and the program, and what is drawn to be looked at beside real frames?"""
