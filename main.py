"""Entry point of a checkout: `python main.py` is `pleura`."""

from simulator.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
