"""The web form: who is calling, how often, and with what proof that a person's own phone is behind it."""
