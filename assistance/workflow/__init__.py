"""Changes to rows: transitions, editing, events, notifications and deadlines."""
