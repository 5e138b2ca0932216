"""Which patient today: schema, strict YAML loading with file:line:col, catalogue."""
