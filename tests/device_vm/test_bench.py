"""A bench as a shop installs it: what was seen while three orders were packed and everything was unplugged."""

from __future__ import annotations

import hashlib

import pytest

from labels.readback import printed
from station.devices.jpeg import read_jpeg
from tests.device_vm.conftest import Story

DEVICES = ("scanner", "scale", "printer")
UNITS = ("packline-station", "packline-central")
ORDERS = ("first", "wireless", "second")


def _parcels(story: Story, *orders: str) -> list[str]:
    """Of these orders, as the packer closed them."""
    return [sscc for order in orders for sscc in story.seen[order]]


@pytest.mark.feature("P3", "P14")
def test_all_orders_are_packed_and_booked(story: Story) -> None:
    booked = story.seen["booked"]
    assert booked["1001"] == [["B-11", 2, 2], ["T-13", 1, 1]]
    assert booked["1008"] == [["BK-12", 1, 1]]
    assert [line[1:] for line in booked["1005"]] == [[1, 1]] * 4
    assert sorted(booked["parcels"]) == sorted(_parcels(story, *ORDERS))


@pytest.mark.feature("D8", "P14")
def test_what_came_out_of_the_usb_printer_is_one_label_for_each_parcel_and_decodes(story: Story) -> None:
    labels = [printed((story.folder / name).read_bytes()) for name in story.seen["labels"]]
    assert [label.ssccs for label in labels] == [(sscc,) for sscc in _parcels(story, *ORDERS)]


@pytest.mark.feature("D7")
def test_a_station_waits_for_devices_that_are_not_there_at_its_start(story: Story) -> None:
    assert {story.seen["without_devices"][device] for device in DEVICES} == {"lost"}
    assert set(story.seen["health"].values()) == {"ok"}


@pytest.mark.feature("D7")
@pytest.mark.parametrize(
    "device", ["scanner", "USB scale", "wireless scale", "serial scale", "printer", "GPIO chip", "camera"]
)
def test_a_device_is_unplugged_and_replugged_in_the_middle_of_an_order(story: Story, device: str) -> None:
    """The story goes on only when the screen has called it lost, then well."""
    assert device in story.seen["replugged"]


@pytest.mark.feature("D7")
def test_udev_gives_each_node_to_the_stations_groups_alone(story: Story) -> None:
    groups = {"input", "dialout", "lp", "gpio", "video"}
    assert {group for group, _ in story.seen["nodes"].values()} == groups
    assert {mode for _, mode in story.seen["nodes"].values()} == {"0660"}


@pytest.mark.feature("D4", "D7")
def test_a_usb_scale_is_found_by_the_shipped_rules_names_and_opened_by_the_station(story: Story) -> None:
    by_id, by_path = story.seen["scale_names"]
    assert by_id == "by-id/Packline_hid_SCL0002"
    assert by_path.startswith("by-path/platform-dummy_hcd.2-usb-")
    assert story.seen["nodes"][f"/dev/packline/{by_id}"] == ["input", "0660"]


@pytest.mark.feature("D4", "D7")
def test_a_scale_without_a_socket_is_found_by_its_address_and_opened_by_the_station(story: Story) -> None:
    """Through uhid, as BlueZ brings a Bluetooth scale."""
    place = "/dev/packline/by-id/bluetooth-00:00:5e:00:53:02"
    assert story.seen["nodes"][place] == ["input", "0660"]
    listed = story.seen["wireless_listed"]
    assert (listed["place"], listed["driver"], listed["name"]) == (place, "hid_scale", "Packline wireless scale")
    assert f'path = "{place}"' in listed["settings"]
    assert len(_parcels(story, "wireless")) == 1


@pytest.mark.feature("D1", "D7")
def test_half_a_scan_counts_nothing(story: Story) -> None:
    assert story.seen["half_a_scan"] == {"packed": 0, "answered": 0}


@pytest.mark.feature("D1")
def test_a_scan_of_which_the_kernel_dropped_keys_counts_nothing_and_is_told(story: Story) -> None:
    """Told: the story goes on only when the screen calls the scanner bad."""
    assert story.seen["overrun"] == {"packed": 0}


@pytest.mark.feature("D1")
def test_what_the_scanner_types_goes_nowhere_else(story: Story) -> None:
    assert story.seen["keys_seen_beside_the_station"] == 0


@pytest.mark.feature("D4", "D6")
@pytest.mark.parametrize("scale", ["USB scale", "wireless scale"])
def test_without_its_scale_the_bench_has_no_weight_and_prints_nothing(story: Story, scale: str) -> None:
    """The story goes on only when the weight that was on the screen is gone."""
    assert story.seen["weight_gone"][scale] == {"labels": 0}


@pytest.mark.feature("D5")
def test_a_parcel_is_weighed_on_the_serial_scale(story: Story) -> None:
    assert len(story.seen["second"]) == 1


@pytest.mark.feature("D8", "P14")
def test_a_label_that_finds_no_printer_is_told_and_comes_out_once_when_it_is_back(story: Story) -> None:
    told = story.seen["no_printer"]
    assert told["sentence"] == "L'étiquette n'est pas sortie"
    # Not there any more, or gone while it was asked: either way the packer is sent to its cable.
    assert "branchez" in told["why"] or "vérifiez son câble" in told["why"]
    assert told["labels"] == len(_parcels(story, "first", "wireless"))
    assert len(story.seen["labels"]) == len(_parcels(story, *ORDERS))


@pytest.mark.feature("D15", "P19")
def test_an_open_box_is_photographed_by_the_kernels_camera_and_kept_in_central(story: Story) -> None:
    (sscc,) = story.seen["second"]
    photo = story.seen["pictures"][sscc]
    assert (photo["status"], photo["camera"], photo["missing"]) == (200, "camera", "")
    content = (story.folder / f"{sscc}.jpg").read_bytes()
    assert hashlib.sha256(content).hexdigest() == photo["sha256"]
    assert (read_jpeg(content).width, read_jpeg(content).height) == (640, 360)


@pytest.mark.feature("D7", "P19")
def test_without_its_camera_an_order_goes_on_and_the_parcel_says_why_it_has_no_picture(story: Story) -> None:
    (sscc,) = story.seen["first"]
    photo = story.seen["pictures"][sscc]
    assert (photo["status"], photo["camera"], photo["sha256"]) == (404, "camera", "")
    assert "plug the camera in" in photo["missing"]


@pytest.mark.feature("D7", "P19")
def test_a_parcel_that_must_have_its_picture_waits_for_the_camera(story: Story) -> None:
    """The story goes on only when the picture is taken with the camera that came back."""
    told = story.seen["no_picture"]
    assert "rebranchez" in told["why"]
    assert told["labels"] == len(_parcels(story, "first", "wireless"))
    assert "camera that is waited for" in story.seen["replugged"]


@pytest.mark.feature("D11", "P20")
def test_lights_burn_and_buttons_work_on_gpio_lines(story: Story) -> None:
    assert "9999" in story.seen["refused"]
    assert {"red_after_s", "amber_after_s", "green_after_s"} <= story.seen.keys()
    assert story.seen["after_undo"] == 0


@pytest.mark.feature("D7", "D11")
def test_lights_and_buttons_work_again_when_their_chip_has_come_back(story: Story) -> None:
    """The story goes on only when the light and the sound of the present state have come back."""
    assert "red_again_after_s" in story.seen
    assert story.seen["after_undo_on_the_new_chip"] == 1


@pytest.mark.feature("D11", "F4")
def test_a_chip_that_is_gone_is_told_once_and_not_again_and_again(story: Story) -> None:
    said = story.seen["said_while_the_chip_was_away"]
    assert len(said) <= 3
    assert any("plug it in again" in line for line in said)


@pytest.mark.feature("D11")
def test_the_buzzer_sounds_again_until_it_is_acknowledged(story: Story) -> None:
    """The story goes on only when it has sounded, paused and sounded."""
    assert "quiet_after_s" in story.seen


@pytest.mark.feature("D11")
def test_a_button_opens_the_drawer_with_one_pulse_and_the_contact_says_how_it_stands(story: Story) -> None:
    assert story.seen["lock_before"] is False
    assert {"lock_after_s", "lock_rests_after_s"} <= story.seen.keys()
    assert story.seen["door"] == ["La porte est ouverte.", "La porte est fermée.", "La porte est ouverte."]
    assert story.seen["booked"]["drawer"] == 1


@pytest.mark.feature("F4")
@pytest.mark.parametrize(("unit", "restarts"), [("packline-station", 2), ("packline-central", 1)])
def test_systemd_ends_a_service_that_hangs_and_starts_it_again(story: Story, unit: str, restarts: int) -> None:
    """The station's other start is from `station_takes_too_much`."""
    found = story.seen["units"][unit]
    assert (found["restarts"], found["watchdog"]) == (restarts, 1)


@pytest.mark.feature("F4", "P17")
def test_the_packer_finds_the_same_work_after_a_hang(story: Story) -> None:
    assert story.seen["hang"]["same_work"]


@pytest.mark.feature("F4")
@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_runs_to_the_end_with_few_rights(story: Story, unit: str) -> None:
    found = story.seen["units"][unit]
    assert (found["active"], found["result"]) == ("active", "success")
    assert found["exposure"] <= 2.0
    assert found["rights"]["Uid"] != "0"
    assert (found["rights"]["NoNewPrivs"], found["rights"]["Seccomp"]) == ("1", "2")
    assert {int(found["rights"][name], 16) for name in ("CapEff", "CapBnd")} == {0}


@pytest.mark.feature("R6")
def test_when_memory_runs_out_the_browser_goes_first_and_comes_back_and_the_bench_packs_on(story: Story) -> None:
    assert story.seen["memory_gone"] == {"same_station": True, "kiosk": "active", "killed": 1}


@pytest.mark.feature("R6", "R2")
def test_a_station_over_its_limit_is_started_again_and_the_packer_finds_the_same_work(story: Story) -> None:
    """The order that was open is among those that are packed and booked once."""
    found = story.seen["over_its_limit"]
    assert (found["limit_mb"], found["killed"]) == (384, 1)
    assert found["same_work"]


@pytest.mark.feature("R6")
def test_the_stations_program_is_kept_in_memory_and_the_kernel_ends_what_pushes_programs_out(story: Story) -> None:
    """The slice is given as much as the unit: what is above a unit bounds what the kernel keeps for it."""
    assert story.seen["over_its_limit"]["kept_mb"] == [96, 96]
    assert story.seen["programs_stay_ms"] == 1000


@pytest.mark.feature("R6")
def test_a_disk_with_little_room_is_shown_by_the_station_as_installed(story: Story) -> None:
    """With the unit's few rights; the story goes on only when the screen has seen room again."""
    assert story.seen["disk"] == [["disk_low", "disque presque plein"]]
