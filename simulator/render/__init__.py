"""Pixels: frame inputs, shader sources, GL context, passes, torso view, renderer."""
