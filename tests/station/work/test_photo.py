"""The picture of the open box, in the core: when it is taken, what waits for it, what a lead may do."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from contract.keys import StationId
from contract.messages import ParcelClosed
from contract.values import Override, Photo, PhotoPolicy
from station.work.answers import Say
from station.work.effects import TakePicture
from station.work.inputs import PictureMissed, PictureTaken
from station.work.load import Shot
from station.work.photo import shot_in
from station.work.session import Settings
from tests.station.work.story import MUG_EAN, Bench, job_of, mug

pytestmark = pytest.mark.feature("P19")
SHA, OTHER_SHA = "ab" * 32, "cd" * 32


def full(photo: PhotoPolicy, camera: str = "top", **settings: object) -> Bench:
    """A bench whose box is complete and has not been weighed yet."""
    made = Settings(station=StationId("bench-1"), language="en", camera=camera, **settings)  # type: ignore[arg-type]
    return Bench(made).ready().open(replace(job_of(mug(1)), photo=photo)).scan(MUG_EAN)


def asked(bench: Bench) -> TakePicture:
    """The picture that the last step wants."""
    [wanted] = [effect for effect in bench.effects if isinstance(effect, TakePicture)]
    return wanted


def shot(bench: Bench) -> Shot:
    found = shot_in(bench.session.phase)
    assert found is not None
    return found


def taken(bench: Bench, wanted: TakePicture, sha256: str = SHA, note: str = "") -> Bench:
    return bench.give(PictureTaken(bench.wait().at, wanted.picture, sha256, 9_000, note, note))


def missed(bench: Bench, wanted: TakePicture) -> Bench:
    return bench.give(PictureMissed(bench.wait().at, wanted.picture, "it is unplugged", "elle est débranchée"))


def closed(bench: Bench) -> ParcelClosed:
    """Weigh it, stick its label, and what central is told."""
    return stuck(bench.put_down(312))


def stuck(bench: Bench) -> ParcelClosed:
    """Stick its label, and what central is told."""
    assert bench.phase == "Labelling"
    label = bench.label()
    return bench.out(bench.printed("label")).scan(label).parcels[-1]


def test_it_is_taken_by_itself_when_the_box_is_complete_and_goes_with_the_parcel() -> None:
    bench = full("wanted")
    wanted = asked(bench)
    assert (wanted.camera, bench.phase) == ("top", "OnScale")
    assert bench.screen.photo is not None
    assert bench.screen.photo.word == "picture…"
    taken(bench, wanted)
    at = bench.at
    assert bench.screen.photo.name == SHA
    assert closed(bench).photo == Photo(SHA, at, "top", 9_000)


def test_nothing_is_taken_where_nobody_wants_it() -> None:
    bench = full("never")
    assert [effect for effect in bench.effects if isinstance(effect, TakePicture)] == []
    assert bench.scan("PK-PHOTO").said is Say.NO_PHOTO_HERE
    assert bench.screen.photo is None
    assert "PK-PHOTO" not in {action.code for action in bench.screen.actions}
    assert closed(bench).photo is None


def test_a_camera_that_does_not_answer_holds_no_parcel_up_and_is_told_as_it_was() -> None:
    photo = closed(full("wanted")).photo
    assert photo is not None
    assert (photo.sha256, photo.missing) == ("", "The camera had not answered when the parcel was closed.")


def test_a_wanted_picture_that_fails_is_told_once_and_the_parcel_goes_on() -> None:
    bench = full("wanted")
    missed(bench, asked(bench))
    assert bench.said is Say.PHOTO_MISSED
    assert "It is unplugged." in bench.screen.why
    photo = closed(bench).photo
    assert photo is not None
    assert (photo.missing, photo.missing_fr) == ("It is unplugged.", "Elle est débranchée.")


def test_a_required_picture_is_waited_for_and_then_the_label_prints() -> None:
    bench = full("required")
    wanted = asked(bench)
    bench.put_down(312)
    assert (bench.phase, bench.said) == ("Unpictured", Say.PHOTO_ASKED)
    assert "picture" in bench.screen.sentence
    taken(bench, wanted)
    assert bench.phase == "Labelling"
    assert stuck(bench).photo is not None


def test_a_required_picture_that_fails_stops_the_parcel_until_it_is_taken_again() -> None:
    bench = full("required")
    missed(bench, asked(bench)).put_down(312)
    assert (bench.phase, bench.screen.tone) == ("Unpictured", "stop")
    assert "It is unplugged." in bench.screen.why
    assert bench.scan(MUG_EAN).phase == "Unpictured"
    again = asked(bench.scan("PK-PHOTO"))
    missed(bench, again)
    assert bench.screen.tone == "stop"
    taken(bench, asked(bench.scan("PK-PHOTO")))
    assert bench.phase == "Labelling"


def test_a_lead_lets_a_parcel_go_without_its_picture() -> None:
    bench = full("required")
    missed(bench, asked(bench)).put_down(312).scan("BADGE-0007")
    assert bench.said is Say.ASK_REASON
    assert bench.scan("PK-REASON-2").phase == "Labelling"
    parcel = stuck(bench)
    assert parcel.overrides == (Override("photo", "0007", "box_checked_by_eye"),)
    assert parcel.photo is not None
    assert parcel.photo.missing == "It is unplugged."


def test_another_packer_may_not_let_it_pass() -> None:
    bench = full("required")
    missed(bench, asked(bench)).put_down(312)
    assert bench.scan("BADGE-0001").said is Say.ASK_LEAVE


def test_a_bench_without_a_camera_says_so_when_one_is_required() -> None:
    bench = full("required", camera="").put_down(312)
    assert "no camera" in bench.screen.why
    assert bench.scan("PK-PHOTO").said is Say.PHOTO_MISSED
    photo = closed(full("wanted", camera="")).photo
    assert photo is not None
    assert "no camera" in photo.missing


def test_a_box_that_was_opened_again_is_photographed_again() -> None:
    bench = full("wanted")
    first = asked(bench)
    taken(bench, first).scan("PK-UNDO").scan(MUG_EAN)
    second = asked(bench)
    assert second.picture != first.picture
    taken(bench, first, OTHER_SHA)
    assert shot(bench).state == "asked", "a picture of before does not count"
    taken(bench, second, OTHER_SHA)
    photo = closed(bench).photo
    assert photo is not None
    assert photo.sha256 == OTHER_SHA


def test_the_packer_takes_it_again_while_the_label_waits() -> None:
    bench = full("wanted")
    taken(bench, asked(bench), note="It is dark.")
    assert bench.said is Say.PHOTO_POOR
    bench.put_down(312)
    again = asked(bench.scan("PK-PHOTO"))
    taken(bench, again, OTHER_SHA)
    assert bench.said is Say.PHOTO_TAKEN
    photo = stuck(bench).photo
    assert photo is not None
    assert photo.sha256 == OTHER_SHA


@pytest.mark.parametrize("answers", [True, False])
def test_a_picture_that_is_there_counts_until_another_is(answers: bool) -> None:
    """A parcel that must have one is not closed without, because one more was wanted and did not come."""
    bench = full("required")
    taken(bench, asked(bench))
    first = bench.at
    bench.put_down(312)
    label = bench.label()
    again = asked(bench.scan("PK-PHOTO"))
    if answers:
        missed(bench, again)
        assert bench.said is Say.PHOTO_MISSED
    photo = bench.scan(label).parcels[-1].photo
    assert photo is not None
    assert (photo.sha256, photo.at) == (SHA, first)


def test_before_the_box_is_complete_there_is_nothing_to_take() -> None:
    bench = full("wanted").scan("PK-UNDO")
    assert bench.scan("PK-PHOTO").said is Say.PHOTO_COMES


def test_a_bench_without_a_scale_waits_for_a_required_picture_too() -> None:
    bench = full("required", require_scale=False)
    assert bench.phase == "Unpictured"
    taken(bench, asked(bench))
    assert bench.phase == "Labelling"
    assert [override.kind for override in bench.session.phase.work.parcel.overrides] == ["scale"]  # type: ignore[union-attr]


def test_a_picture_comes_while_a_question_stands_or_the_packer_is_away() -> None:
    bench = full("wanted", idle_sign_out_s=5)
    wanted = asked(bench)
    bench.scan("PK-DISCARD").tick(10)
    assert bench.phase == "Away"
    taken(bench, wanted)
    assert shot(bench).sha256 == SHA
    assert bench.scan("BADGE-0001").scan("PK-YES").phase == "Packing"
    assert shot_in(bench.session.phase) is None, "an emptied parcel has no picture"


def test_each_parcel_of_a_job_has_a_picture_of_its_own() -> None:
    made = Settings(station=StationId("bench-1"), language="en", camera="top")
    bench = Bench(made).ready().open(replace(job_of(mug(2)), photo="wanted")).scan(MUG_EAN, "PK-NEXT")
    first = asked(bench)
    taken(bench, first)
    closed(bench)
    bench.scan(MUG_EAN)
    second = asked(bench)
    assert second.picture != first.picture
    taken(bench, second, OTHER_SHA)
    closed(bench)
    assert [parcel.photo.sha256 for parcel in bench.parcels if parcel.photo] == [SHA, OTHER_SHA]
