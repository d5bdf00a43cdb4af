"""Firebase Hosting: a site's versions and releases, and a mini-program's place in them."""
