"""What staff see first: visits and the figures of the programme."""
