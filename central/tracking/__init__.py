"""What happened to a parcel after it was packed, in one vocabulary; timelines."""
