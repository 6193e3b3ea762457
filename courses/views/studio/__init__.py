"""The studio: what partners see and do with their modules. Every page is for authors and publishers only."""
