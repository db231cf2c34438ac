"""hanfix."""

from hanfix._repair import Repaired as Repaired
from hanfix._repair import repair as repair
