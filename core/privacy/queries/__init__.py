"""What is known about people's data and what they asked for."""
