"""The office: one HTTP application for people (pages) and for programs (REST)."""
