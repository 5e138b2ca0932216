"""The message catalogues; `python -m simulator.locale.update` keeps them in step with the sources."""
