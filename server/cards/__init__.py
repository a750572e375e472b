"""Cards: what is copied onto the boot partition of a Raspberry Pi OS, so that its first start makes a machine of it."""
