"""The window: keys, screens, widgets."""
