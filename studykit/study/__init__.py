"""The use cases, with no screen: sync, queue, session, doctor. Plain arguments in, plain values out."""
