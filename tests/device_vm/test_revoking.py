"""Revocation and renewal on an installed machine, by the shipped units alone: nobody else reloads the broker."""

from __future__ import annotations

import pytest

from tests.device_vm.conftest import Story


@pytest.mark.feature("F2", "R5")
def test_a_revoked_station_is_cut_off_at_once_and_cannot_come_back(story: Story) -> None:
    """The story goes on only when the screen is offline, central has seen it, and a fresh start was refused."""
    assert story.seen["revoked"]["station"] == "station"
    assert not story.seen["online_after_restart"]


@pytest.mark.feature("F2", "R5")
def test_the_unit_brings_the_list_to_the_broker_as_central_wrote_it(story: Story) -> None:
    assert story.seen["same_list"]
    assert set(story.seen["brought"].values()) == {"success"}


@pytest.mark.feature("R5")
def test_the_broker_shows_its_next_certificate_without_a_restart_and_central_stays_connected(story: Story) -> None:
    assert "next_certificate_after_s" in story.seen
    assert story.seen["broker_went_on"]


@pytest.mark.feature("R5")
def test_the_brokers_key_is_its_own_alone(story: Story) -> None:
    assert story.seen["certificates"]["broker.key"] == ["mosquitto", "0600"]
