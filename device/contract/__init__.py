"""Everything a unit and the server say to each other, defined once: messages, channels, codec, settings."""
