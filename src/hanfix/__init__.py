"""hanfix: repairs damaged Chinese text and makes its script consistent."""

from hanfix._clean import Cleaned, clean
from hanfix._convert import Converted, convert
from hanfix._detect import Profile, detect
from hanfix._decode import Decoded, decode
from hanfix._opencc import OpenCC
from hanfix._repair import Repaired, repair
from hanfix.errors import HanfixError, UndecodableError
from hanfix.report import Edit, Loss, Report, replay

__all__ = [
    "Cleaned", "Converted", "Decoded", "Edit", "HanfixError", "Loss", "OpenCC", "Profile", "Repaired", "Report",
    "UndecodableError", "clean", "convert", "decode", "detect", "repair", "replay",
]  # fmt: skip
