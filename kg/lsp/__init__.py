"""An editor's server: what is wrong, what may stand here, what it means and where it is from, as one types.

Only `server` speaks the protocol; the others know texts, lines and columns. A file that is
being typed is rarely whole, so all that a cursor asks is answered from its `outline`, and the
reader and the shapes only say what is wrong.
"""
