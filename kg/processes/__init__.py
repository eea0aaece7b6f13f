"""Processes: how a command is waited for, who does a part of its work, and how each ends.

`supervisor`: a command works in a process of its own, and another waits for it. `beside`: a process that does
a part of the work. `limits`: work that has so many seconds. `lifeline`: a process that ends with another one.
`underway`: what is being done, noted for the one that waits. `endings`, `shortage`: whether memory is what
ran short, and what is said then.
"""
