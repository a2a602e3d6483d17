"""What a small import may keep of the build before, and what a build is derived from."""
