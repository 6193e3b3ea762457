"""A package, so that its world ends with it and is not there for the tests of others."""
