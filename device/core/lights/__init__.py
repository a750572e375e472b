"""What rings and buzzers show: pictures, movements, colours."""
