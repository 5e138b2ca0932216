"""The screens, one file each: what is shown and what a press does; everything else is in `program`."""
