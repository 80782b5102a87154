"""Built styles and scripts. Sources: ``api/web``; build: ``node api/web/build.mjs``."""
