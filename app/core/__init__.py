"""The ground floor: what every feature stands on. Nothing here imports a feature."""
