"""Markdown laid out in terminal cells: tokens become blocks, blocks become lines of styled runs.

Nothing here knows of an application or a theme; `widgets/prose.py` paints the lines.
"""
