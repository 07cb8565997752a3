"""What the two sides say to each other, and what is believed. Pure."""
