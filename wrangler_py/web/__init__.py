"""The web platform, one module per interface. Knows no sockets."""
