"""The tables and their migrations; schema.sql is written from them."""
