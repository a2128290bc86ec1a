"""Every closed form of step time and memory, each with the condition under which it is exact."""

from studykit.pipeline.formulas.peak import PEAKS as PEAKS
from studykit.pipeline.formulas.peak import Peak as Peak
from studykit.pipeline.formulas.step import FORMULAS as FORMULAS
from studykit.pipeline.formulas.step import Formula as Formula
