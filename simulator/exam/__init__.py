"""What happened, in order: events, attempt, replay; the only mutable state of an exam."""
