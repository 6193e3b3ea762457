import pytest

from courses.models import Course
from enrollment.selectors import LearnerCourse
from tests.enrollment.builders import build_course, start


@pytest.fixture
def course(occ) -> Course:
    """One module of three lessons with a layer for Finland, whose country check is the fourth."""
    return build_course()


@pytest.fixture
def learning(learner, course) -> LearnerCourse:
    """The learner, in Finland, enrolled in the course and reading English."""
    return start(learner, course)
