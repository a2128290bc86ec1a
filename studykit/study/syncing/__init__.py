"""The steps of a sync: what changed is looked for, read, matched with what is known, stored, and written back.

`looking` finds what changed, `reading` reads it (many notes by `reading_pool`), `matching` settles which card is which,
`renewal` stores and logs, `write_back` renews the notes' review fields, `conflicts` and `git_merge` settle those that
two devices wrote. `report` is what `sync` returns; `watch` syncs after each change.
"""
