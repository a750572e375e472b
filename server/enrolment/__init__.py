"""Enrolment: badges are given keys, new ones, none, or are looked at, over a reader that a desk lends."""
