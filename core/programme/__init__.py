"""The institute's own settings: names, words, menus, policies and mails' sender."""
