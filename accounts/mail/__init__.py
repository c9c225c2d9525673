"""Outgoing mail: the outbox, its schedule, rendering and dispatch."""
