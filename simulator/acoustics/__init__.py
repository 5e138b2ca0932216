"""How sound makes an image: tissue constants with sources, beams, and NumPy twins of shaders/lib."""
