"""The other side: by contract, one file a vendor, and a simulator."""
