"""The record of processing that Article 30 of the GDPR asks for, made from declarations."""
