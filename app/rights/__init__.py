"""Self-service for people whose data is held here: see, take along, correct, erase, object.

Nobody has to be asked, and nobody learns from it whether an address is known. Others use nothing.
"""
