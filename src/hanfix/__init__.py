"""hanfix: repairs damaged Chinese text and makes its script consistent."""

from hanfix._clean import Cleaned, clean
from hanfix._opencc import OpenCC
from hanfix.report import Edit, Loss, Report, replay

__all__ = ["Cleaned", "Edit", "Loss", "OpenCC", "Report", "clean", "replay"]
