"""The film of the calendar counts right, and its file is small and starts before it is loaded whole."""

from pathlib import Path

import pytest

from lms.demo.media.make_clock_video import SECONDS, days_at, frame

ASSETS = Path(__file__).resolve().parents[2] / "courses/library/clinical-trials/assets"


@pytest.mark.parametrize(
    ("second", "days"),
    [(4, 0), (9, 10), (19, 55), (29, 60), (34, 70), (39, 75), (49, 106), (54, 156), (59, 106)],
)
def test_each_scene_ends_on_its_sum(second, days):
    assert days_at(second) == days


def test_each_frame_is_drawn_from_its_time_alone():
    assert [frame(second) for second in range(SECONDS)] == [frame(second) for second in range(SECONDS)]


def test_the_file_is_small_and_can_be_played_while_it_loads():
    film = (ASSETS / "clock.mp4").read_bytes()
    assert len(film) <= 1_000_000
    assert film.index(b"moov") < film.index(b"mdat")
