"""How a site looks: tokens, palettes, brands, frames for pages and mails."""
