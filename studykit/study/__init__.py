"""The use cases, with no screen: plain arguments in, plain values out, which a face formats.

Each begins with a `vault.Vault`. `sync` brings its store up to date with notes and log; the other packages ask the
store, or add to the log: `sessions` and `planning` for studying, `browsing`, `outlines`, `figures` and `logs` for
looking, `checking` and `quizzes` for the numbers in notes, `setting_up` and `parameters` once in a while. `doctor`
looks at all of it. Sentences that both faces say stand in `wording`.
"""
