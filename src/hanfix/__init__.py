"""hanfix: repairs damaged Chinese text and makes its script consistent."""

from hanfix._clean import Cleaned, clean
from hanfix._convert import Converted, convert
from hanfix._detect import Profile, detect
from hanfix._opencc import OpenCC
from hanfix.report import Edit, Loss, Report, replay

__all__ = ["Cleaned", "Converted", "Edit", "Loss", "OpenCC", "Profile", "Report", "clean", "convert", "detect", "replay"]
