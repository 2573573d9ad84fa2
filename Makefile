.PHONY: pbx prerequisites clean-pbx

# An Asterisk for the demo and the tests, in target/pbx.
pbx:
	@scripts/pbx

# What the demo and the tests need from this machine (run as root if something is missing).
prerequisites:
	@scripts/prerequisites

# Removes the unpacked Asterisk.
clean-pbx:
	rm -rf target/pbx
