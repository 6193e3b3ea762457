from .programme import ProgrammeOnPages, current_programme, forget_programme

__all__ = ["ProgrammeOnPages", "current_programme", "forget_programme"]
