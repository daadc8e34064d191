"""The embedded search: frame, theme, code to paste, oEmbed."""
