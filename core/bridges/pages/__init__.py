"""Pages that members and providers reach: /sign-in/."""
