"""The directory inside other sites: the frame, its looks, the codes to paste, oEmbed."""
