"""Where a reader draws the line: every threshold of the package, contrasts against the neighbourhood and over time.

Levels are dB on the screen (after TGC), relative to the chest wall of the same picture, so that gain does not matter.
All are proposals [P] set by looking, unless a source is named; they have to be set again when the image changes.
"""

from __future__ import annotations

# The pleural line and what hides it
SEARCH_MM = 2.0  # how far from its expected depth the pleural line is looked for [P]
BRIGHT_DB = 12.0  # over the tissue above it, from which a line square to the beam is one of gas [P]
OBLIQUE_BRIGHT_DB = 8.0  # likewise where the beam is oblique: the reflection misses the probe [P]
SQUARE_DEG = 12.0  # beam within this of the pleura's normal counts as square [P]
READABLE_DEG = 30.0  # more oblique pleura is not read [P]
SHADOW_DB = -13.0  # over the wall's level: where the muscle above the pleura is darker, a rib shades it [P]

# Vertical artefacts
VERTICAL_DB = 0.5  # level of the lower field over the wall, less its fall from the pleura: a B-line is over this [P]
VERTICAL_DB_PER_DEG = 0.2  # by which less where the beam is oblique, dB a degree [P]
GAP_DB = 3.0  # a dip between two verticals this deep is dark lung between two B-lines [P]
NARROWEST_MM = 1.8  # of pleura that a B-line takes at least, on the screen [P: apex 1-3 mm, and the beam]
COALESCENT_PERCENT = 12.0  # of the readable pleura that is confluent before it is said [P]
MERGE_MM = 1.0  # narrower gaps are not seen [P]
COALESCENT_MM = 7.0  # a wider band is confluent: septal B-lines stand 7 mm apart [V21; P for the use]
WHITE_PERCENT = (
    66.0  # of the readable pleura with verticals and no A-line: white lung; rims of rib shadows are dark [P]
)
BAND_MM = (8.0, 25.0)  # width of a light beam [P]
BEAM_PERCENT = 70.0  # of the readable pleura at most: lung is seen beside it [P]
BESIDE_PERCENT = 14.0  # of the readable pleura may carry other verticals: what lies beside a light beam is normal [P]
COLUMN_MM = (3.0, 18.0)  # below the pleura: where lines within a band are told apart [P]
COLUMN_DB = 2.0  # of such a line over the dips beside it [P]

# Horizontal artefacts
A_LINE_DB = 5.0  # of an A-line over what lies above and below it [P]
A_LINE_MM = 5.0  # of pleura with A-lines that is enough to see them [P]

# Airless lung and fluid
FAINT_DB = 14.0  # less rise at the wall's inner edge is no line of gas, where the beam is square.. [P]
OBLIQUE_FAINT_DB = 11.0  # ..and where it is oblique [P]
TISSUE_ENDS_DB = 12.0  # and ends where it has fallen by this [P]
SOLID_DEG = 14.0  # more oblique than this, solid lung and haze are not told apart [P]
OVER_NOTCH_DB = 18.0  # nor is less than this over a notch with a plain border.. [P]
PLAIN_NOTCH_DB = 15.0  # ..that stands out by this and has white lung behind [P]
NOTCH_DB = 5.0  # of the bright deep edge of a notch over its inside [P]
GOES_ON_DB = (-12.0, 3.0)  # behind a bright spot, over what is before it: there solid lung goes on [P]
FLOATING_MM2 = 60.0  # of solid with fluid above and on both sides that is a tongue of lung [P]
LUNG_LINE_MM = 1.5  # rms by which the lung line behind a quad of fluid may be uneven [P]
BORDER_DB = 6.0  # by which a deep border turns brighter [P]
BORDER_MM = 8.0  # of pleura in one rib space over which a border is followed [P]
DEEP_EXTENT_MM = 4.0  # of pleura over which a deep one is believed [P]
NOTCH_EXTENT_MM = 3.0  # of pleura over which a small one is believed [P]
TISSUE_DB = -11.0  # an airless lung echoes at least this much over the wall's level [P]
ANECHOIC_DB = -17.0  # fluid echoes less than this over the wall's level [P]
TISSUE_LIKE_MM = 15.0  # deeper airless lung is a consolidation, shallower is subpleural [V34; P]
SUBPLEURAL_MM = 3.0  # the smallest notch that is seen [P; issue: 3-15 mm]
EFFUSION_MM = 5.0  # the least fluid that is named [P]
EXTENT_MM = 5.0  # of pleura over which a solid or fluid area is believed [P]

# The pleural line's course
IRREGULAR_MM = 0.20  # mean step of the pleural line from one scan line to the next, about 1 mm on: indentations [P]
THICK_DB = 10.0  # below its brightest, the pleural line ends [P]
THICK_OVER_MM = 3.0  # of pleura over which its thickness is judged: an indentation's spacing [P]

# Motion
STILL = 0.7  # likeness of the grain over a breath above which nothing slides [P; contract: > 0.9 without, < 0.3 with]
GONE = 0.4  # below it the lung slides [P]
BEATING = 0.9  # likeness over a heartbeat below which what is otherwise still beats [P]
STILL_SHARE = 0.6  # of the readable pleura that must be still to say that nothing slides [P]
EDGE_MM = 5.0  # of sliding and of still pleura in one view that show a lung point [P]
PULSE_MM = 5.0  # of beating pleura that show a lung pulse [P]

# The chest wall
HIDDEN_MM = 4.0  # of pleura under gas in the wall, in one piece, that is not read [P]
WALL_GAS_MM = 10.0  # of wall in which gas hides the pleura before it is said [P]

# Comet tails
COMET_DB = 6.0  # of a comet tail over its neighbours just below the pleura [P]
COMET_FADED_DB = 4.0  # over its neighbours in the lower field it is less: it has faded [V17 within 20-30 mm; P]
