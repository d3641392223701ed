"""Need Help?: questions and answers, legal pages, and where to write."""
