# Placeholder; filled in with the first runnable slice.
.PHONY: help
help:
	@grep -E '^[a-z-]+:' Makefile
