"""Pages of the operators' site, by what operators do there."""
