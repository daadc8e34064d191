"""People who sign in: mailed links, sessions, second factors, passkeys."""
