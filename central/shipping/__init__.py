"""Parcels on their way: SSCCs, carriers, tracking numbers."""
