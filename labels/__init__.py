"""From a parcel to paper: a document, drawn once, sent in the printer's language. Pure."""
