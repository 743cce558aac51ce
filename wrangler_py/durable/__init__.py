"""Durable Objects: ids, storage, and the life of an object."""
