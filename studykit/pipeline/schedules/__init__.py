"""Every schedule the model knows, by name."""

from studykit.pipeline.schedules import (
    chimera,
    dualpipe,
    dualpipev,
    forward,
    gpipe,
    interleaved,
    interleaved_zb,
    looped_bfs,
    naive,
    one_forward_one_backward,
    pipedream,
    v_half,
    v_min,
    zb_h1,
    zb_h2,
    zb_v,
)
from studykit.pipeline.schedules.schedule import Schedule

SCHEDULES: dict[str, Schedule] = {
    schedule.name: schedule
    for schedule in (
        naive.SCHEDULE,
        forward.SCHEDULE,
        gpipe.SCHEDULE,
        one_forward_one_backward.SCHEDULE,
        interleaved.SCHEDULE,
        looped_bfs.SCHEDULE,
        zb_h1.SCHEDULE,
        zb_h2.SCHEDULE,
        zb_v.SCHEDULE,
        interleaved_zb.SCHEDULE,
        dualpipe.SCHEDULE,
        dualpipev.SCHEDULE,
        v_half.SCHEDULE,
        v_min.SCHEDULE,
        chimera.SCHEDULE,
        pipedream.PIPEDREAM,
        pipedream.TWO_BW,
    )
}
"""Name to schedule, in the order in which they are best learnt."""
