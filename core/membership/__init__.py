"""What the society says about its members: standing, locked fields, the bridge to its list."""
