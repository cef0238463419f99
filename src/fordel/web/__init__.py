"""The web application: one small app per noun, each with the same files; pages show finished runs only."""
