"""Stored answers of geocoders, and when each was asked last."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from directory.db.tables.types import UtcDateTime


class GeocodeAnswer(SQLModel, table=True):
    """What an online geocoder answered; neither key nor content tells the address (see store/encryption.py)."""

    __tablename__ = "geocode_answer"

    key: str = Field(primary_key=True)
    sealed: str
    expires_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))


class GeocodeTurn(SQLModel, table=True):
    """The next free turn at a geocoder that allows so many requests a second."""

    __tablename__ = "geocode_turn"

    service: str = Field(primary_key=True)
    next_at: float = 0.0
