"""Pleura: a virtual lung-ultrasound training simulator."""

__version__ = "0.1.0"
