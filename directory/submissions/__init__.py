"""Submissions: drafts, items, photos, the workflow of statuses, publishing."""
