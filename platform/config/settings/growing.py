"""While the house is being built: leave out what is not in the tree yet."""

from importlib.util import find_spec


def there(dotted: str) -> bool:
    """Whether a module can be found, without importing it."""
    try:
        found = find_spec(dotted)
        return found is not None and found.origin is not None
    except ModuleNotFoundError:
        return False


def present(apps: list[str]) -> list[str]:
    """Those of the dotted apps that exist."""
    return [app for app in apps if there(app)]
