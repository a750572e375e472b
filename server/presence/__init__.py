"""Who is in: brought up to date as passages come in, and by the desk."""
