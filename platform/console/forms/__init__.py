"""Forms of the operators' site."""
