"""hanfix: repairs damaged Chinese text and makes its script consistent."""

from hanfix._clean import Cleaned, clean
from hanfix._decode import Decoded, decode
from hanfix._repair import Repaired, repair
from hanfix.report import Edit, Loss, Report, replay

__all__ = ["Cleaned", "Decoded", "Edit", "Loss", "Repaired", "Report", "clean", "decode", "repair", "replay"]
