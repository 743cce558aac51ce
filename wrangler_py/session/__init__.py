"""Record what passes between clients and a worker; play the clients' side of it again."""

from .file import Session, read
from .player import replay
from .recorder import Recorder
from .report import Difference, Report

__all__ = ["Difference", "Recorder", "Report", "Session", "read", "replay"]
