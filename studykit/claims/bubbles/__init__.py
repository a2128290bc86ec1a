"""Bubbles of a pipeline, with P, M and V given nearby: ratios, slots, bounds and least numbers, and tables of them.

A new form is a reader here with `check(page, around)`; `around` tells the pipeline that is meant. `subject` says
whether a claim is about a bubble at all.
"""
