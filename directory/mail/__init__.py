"""Mail: messages, their texts, and the worker that delivers the outbox by SMTP."""
