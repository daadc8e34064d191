"""Mail: messages, their texts, the links in them, and the worker that delivers the outbox by SMTP."""
