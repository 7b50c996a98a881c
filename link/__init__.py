"""The I/O that station and central share: MQTT, delivery from an outbox, named tasks, configuration files."""
