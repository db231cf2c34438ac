"""
hanfix: repairs damaged Chinese text and makes its script consistent.

>>> import hanfix
>>> hanfix.normalize("推進(jìn)實質(zhì)性的發(fā)展,两国領導人会談", to="hant-tw")
'推進實質性的發展，兩國領導人會談'
"""

from hanfix import _core
from hanfix._clean import Cleaned, clean
from hanfix._convert import Converted, convert
from hanfix._decode import Decoded, decode, decode_stream
from hanfix._detect import Profile
from hanfix._opencc import OpenCC
from hanfix._pipeline import Normalizer, detect, normalize
from hanfix._repair import Repaired, repair
from hanfix.errors import HanfixError, UndecodableError
from hanfix.report import Edit, Loss, Pooled, Report, replay

__all__ = [
    "Cleaned", "Converted", "Decoded", "Edit", "HanfixError", "Loss", "Normalizer", "OpenCC", "Pooled", "Profile",
    "Repaired", "Report", "UndecodableError", "clean", "convert", "decode", "decode_stream", "detect", "normalize",
    "repair", "replay",
]  # fmt: skip

__version__ = _core.VERSION
