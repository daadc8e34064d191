"""How much one address may ask and send."""
