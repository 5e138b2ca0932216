"""SI inside, clinical units at the border: the conversions, and the few constants that everything shares."""

from __future__ import annotations

import math

SPEED_OF_SOUND_M_S = 1540.0  # displayed depth assumes this speed (clinical.md D.1, [P] c fixed at 1540 for display)
MM = 1e-3  # metres in a millimetre
CM = 1e-2  # metres in a centimetre
MHZ = 1e6  # hertz in a megahertz
DB_PER_NEPER = 20.0 / math.log(10.0)  # 8.686 dB per neper of amplitude
