"""What stands on `env`: one module per kind of binding, and the registry that lists them."""
