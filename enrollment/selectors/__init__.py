from .learning import LearnerCourse, learner_course, outline_of, pins_with_outlines, progress_of

__all__ = ["LearnerCourse", "learner_course", "outline_of", "pins_with_outlines", "progress_of"]
