"""Pictures of a plan: a timeline as text or as SVG, one plan alone or several on one time axis."""

from studykit.pipeline.draw.figures import figures as figures
from studykit.pipeline.draw.svg import svg as svg
from studykit.pipeline.draw.text import Line as Line
from studykit.pipeline.draw.text import Run as Run
from studykit.pipeline.draw.text import plain as plain
from studykit.pipeline.draw.text import timeline as timeline
from studykit.pipeline.draw.words import CHINESE as CHINESE
from studykit.pipeline.draw.words import ENGLISH as ENGLISH
from studykit.pipeline.draw.words import Words as Words
